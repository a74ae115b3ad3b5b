// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Put the ready page in dist/, beside this file, or in the folder that the command line names: our modules in one file
 * and the translations in another, the libraries from node_modules in files of their own, and manifest.json, which
 * tells the hosting role what to upload and how. The same input gives the same bytes.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(HERE, "src");
const TARGET = resolve(process.argv[2] ?? join(HERE, "dist"));
const WORK = `${TARGET}.new`;
const require = createRequire(import.meta.url);

const CONTENT_TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};
// A file under these settings never changes: its folder's name is made of the content or of the version.
const FOREVER = "public, max-age=31536000, immutable";
const NEVER = "no-cache";

/** @returns {Promise<Map<string, Buffer>>} content by path in the artifact, the page itself last */
async function collectFiles() {
  const esbuild = await requireEsbuild();
  const [assets, streams, phone] = await Promise.all([readAssets(esbuild), readStreams(), readPhoneLibrary(esbuild)]);
  const assetsFolder = `assets/${hashOf([...assets]).slice(0, 16)}`;
  const page = await readFile(join(SOURCE, "index.html"), "utf8");
  return new Map([
    ...streams.files,
    ...phone.files,
    ...[...assets].map(([name, content]) => [`${assetsFolder}/${name}`, content]),
    [
      "index.html",
      fillIn(page, {
        assets: assetsFolder,
        main_integrity: integrityOf(assets.get("main.js")),
        streams: streams.script,
        streams_integrity: integrityOf(streams.files.get(streams.script)),
        phone: phone.script,
        phone_integrity: integrityOf(phone.files.get(phone.script)),
      }),
    ],
  ]);
}

async function requireEsbuild() {
  try {
    return await import("esbuild");
  } catch {
    throw new Error("esbuild is not installed: run npm ci at the root of the repository first");
  }
}

/** Our own code, in as few files as there are moments at which it is needed. */
async function readAssets(esbuild) {
  const built = await esbuild.build({
    absWorkingDir: SOURCE,
    entryPoints: ["main.js", "style.css", "translations.js"],
    outdir: "out",
    outbase: ".",
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const assets = built.outputFiles.map(({ path, contents }) => [
    path.slice(join(SOURCE, "out/").length),
    Buffer.from(contents),
  ]);
  return new Map([...assets.sort(), ["icon.svg", await readFile(join(SOURCE, "icon.svg"))]]);
}

async function readStreams() {
  const { folder, version } = await findPackage("amazon-connect-streams");
  const target = `vendor/amazon-connect-streams-${version}`;
  const script = `${target}/connect-streams.min.js`;
  return {
    script,
    files: new Map([
      [script, await readFile(join(folder, "release", "connect-streams-min.js"))],
      [`${target}/LICENSE.txt`, await readFile(join(folder, "LICENSE.txt"))],
    ]),
  };
}

/** The telephone numbers of all countries, as far as one has to know them to tell whether a number is complete. */
async function readPhoneLibrary(esbuild) {
  const { folder, version } = await findPackage("libphonenumber-js");
  const built = await esbuild.build({
    stdin: {
      contents: 'export { parsePhoneNumberFromString as parsePhoneNumber } from "libphonenumber-js/min";',
      resolveDir: HERE,
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const content = Buffer.from(built.outputFiles[0].contents);
  // What the bundler writes depends on its own version too, so the library's version is no name for ever.
  const target = `vendor/libphonenumber-js-${version}-${hashOf([["", content]]).slice(0, 8)}`;
  const script = `${target}/libphonenumber.min.js`;
  return {
    script,
    files: new Map([
      [script, content],
      [`${target}/LICENSE.txt`, await readFile(join(folder, "LICENSE"))],
    ]),
  };
}

/** @param {string} name */
async function findPackage(name) {
  let file;
  try {
    file = require.resolve(`${name}/package.json`);
  } catch {
    throw new Error(`${name} is not installed: run npm ci at the root of the repository first`);
  }
  return { folder: dirname(file), version: JSON.parse(await readFile(file, "utf8")).version };
}

function integrityOf(content) {
  return `sha384-${createHash("sha384").update(content).digest("base64")}`;
}

function fillIn(page, values) {
  const filled = page.replace(/\{\{(\w+)\}\}/g, (whole, name) => {
    if (!Object.hasOwn(values, name)) {
      throw new Error(`index.html asks for ${whole}, which the build does not know`);
    }
    return values[name];
  });
  return Buffer.from(filled.replace(/<!--.*?-->\n/s, ""));
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const [name, content] of files) {
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function describe(path, content) {
  return {
    path,
    sha256: createHash("sha256").update(content).digest("hex"),
    size: content.length,
    content_type: CONTENT_TYPES[extname(path)],
    cache_control: path.includes("/") ? FOREVER : NEVER,
  };
}

function manifestOf(files) {
  return {
    files: [...files].map(([path, content]) => describe(path, content)),
    rendered: [
      { path: "config.js", template: "config.js.j2", content_type: CONTENT_TYPES[".js"], cache_control: NEVER },
    ],
  };
}

async function build() {
  const files = await collectFiles();
  await rm(WORK, { recursive: true, force: true });
  for (const [path, content] of [
    ...files,
    ["manifest.json", `${JSON.stringify(manifestOf(files), null, 2)}\n`],
  ]) {
    await mkdir(dirname(join(WORK, path)), { recursive: true });
    await writeFile(join(WORK, path), content);
  }
  await rm(TARGET, { recursive: true, force: true });
  await rename(WORK, TARGET);
}

await build();
