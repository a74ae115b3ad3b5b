// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Put the ready page in dist/, beside this file: our modules as they are, the Streams library from node_modules, and
 * manifest.json, which tells the hosting role what to upload and how. The same input gives the same bytes.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(HERE, "src");
const TARGET = join(HERE, "dist");
const WORK = join(HERE, "dist.new");

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
  const { page, assets } = await readSource();
  const streams = await readStreams();
  const assetsFolder = `assets/${hashOf(assets).slice(0, 16)}`;
  const streamsFolder = `vendor/amazon-connect-streams-${streams.version}`;
  const script = `${streamsFolder}/connect-streams.min.js`;
  return new Map([
    [script, streams.script],
    [`${streamsFolder}/LICENSE.txt`, streams.licence],
    ...assets.map(([name, content]) => [`${assetsFolder}/${name}`, content]),
    [
      "index.html",
      fillIn(page, {
        assets: assetsFolder,
        streams: script,
        streams_integrity: `sha384-${createHash("sha384").update(streams.script).digest("base64")}`,
      }),
    ],
  ]);
}

async function readSource() {
  const names = (await readdir(SOURCE)).sort();
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(SOURCE, name))]));
  return {
    page: files.find(([name]) => name === "index.html")[1].toString(),
    assets: files.filter(([name]) => name !== "index.html"),
  };
}

async function readStreams() {
  const require = createRequire(import.meta.url);
  let folder;
  try {
    folder = dirname(require.resolve("amazon-connect-streams/package.json"));
  } catch {
    throw new Error("amazon-connect-streams is not installed: run npm ci at the root of the repository first");
  }
  return {
    version: JSON.parse(await readFile(join(folder, "package.json"), "utf8")).version,
    script: await readFile(join(folder, "release", "connect-streams-min.js")),
    licence: await readFile(join(folder, "LICENSE.txt")),
  };
}

function fillIn(page, values) {
  const filled = page.replace(/\{\{(\w+)\}\}/g, (whole, name) => {
    if (!Object.hasOwn(values, name)) {
      throw new Error(`index.html asks for ${whole}, which the build does not know`);
    }
    return values[name];
  });
  return Buffer.from(filled);
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
