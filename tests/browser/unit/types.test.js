// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

test("the types in the comments of the connector fit together", async () => {
  const compiler = "node_modules/typescript/bin/tsc";
  await promisify(execFile)(process.execPath, [compiler, "--project", "files/cti_connector/tsconfig.json"], {
    cwd: ROOT,
  }).catch((error) => {
    throw new Error(error.stdout);
  });
});
