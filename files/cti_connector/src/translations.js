// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** All further languages in one file, because together they compress better. English comes with the page itself. */

export { default as de } from "./texts/de.js";
export { default as es } from "./texts/es.js";
export { default as fr } from "./texts/fr.js";
export { default as it } from "./texts/it.js";
