// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const CONNECTOR = fileURLToPath(new URL("../../../files/cti_connector/", import.meta.url));
const DIST = join(CONNECTOR, "dist");
const manifest = JSON.parse(await readFile(join(DIST, "manifest.json"), "utf8"));

async function listFiles(folder, prefix = "") {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map((entry) =>
    entry.isDirectory() ? listFiles(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
  return (await Promise.all(lists)).flat().sort();
}

test("the manifest names every file of the artifact with its content", async () => {
  const paths = manifest.files.map(({ path }) => path);
  assert.deepEqual([...paths, "manifest.json"].sort(), await listFiles(DIST));
  for (const { path, sha256, size, content_type } of manifest.files) {
    const content = await readFile(join(DIST, path));
    assert.equal(createHash("sha256").update(content).digest("hex"), sha256, path);
    assert.equal(content.length, size, path);
    assert.ok(content_type, path);
  }
});

test("only what never changes under its name is cached", () => {
  for (const { path, cache_control } of [...manifest.files, ...manifest.rendered]) {
    const forever = /^(assets\/[0-9a-f]{16}|vendor\/[\w-]+-\d+\.\d+\.\d+)\//.test(path);
    assert.equal(cache_control, forever ? "public, max-age=31536000, immutable" : "no-cache", path);
  }
});

test("the page is uploaded after what it refers to", () => {
  assert.equal(manifest.files.at(-1).path, "index.html");
});

test("the modules in the artifact are the sources", async () => {
  for (const name of await readdir(join(CONNECTOR, "src"))) {
    if (name !== "index.html") {
      const { path } = manifest.files.find((file) => file.path.endsWith(`/${name}`));
      assert.deepEqual(await readFile(join(DIST, path)), await readFile(join(CONNECTOR, "src", name)), name);
    }
  }
});

test("the Streams library comes with its licence and is the pinned version", async () => {
  const { dependencies } = JSON.parse(await readFile(join(CONNECTOR, "..", "..", "package.json"), "utf8"));
  const folder = `vendor/amazon-connect-streams-${dependencies["amazon-connect-streams"]}`;
  const paths = manifest.files.map(({ path }) => path).filter((path) => path.startsWith("vendor/"));
  assert.deepEqual(paths, [`${folder}/connect-streams.min.js`, `${folder}/LICENSE.txt`]);
});

test("the page has no inline code and checks the integrity of the library", async () => {
  const page = await readFile(join(DIST, "index.html"), "utf8");
  assert.ok(!/<script(?![^>]*\ssrc=)/.test(page));
  assert.ok(!/\son\w+=|\sstyle=|<style/.test(page));
  const [, path, integrity] = /src="(vendor\/[^"]+)" integrity="sha384-([^"]+)"/.exec(page);
  assert.equal(createHash("sha384").update(await readFile(join(DIST, path))).digest("base64"), integrity);
});

test("no message is ever addressed to any origin", async () => {
  for (const name of await readdir(join(CONNECTOR, "src"))) {
    assert.ok(!/["'`]\*["'`]/.test(await readFile(join(CONNECTOR, "src", name), "utf8")), name);
  }
});
