// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

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
    const forever = /^(assets\/[0-9a-f]{16}|vendor\/[\w-]+-\d+\.\d+\.\d+(-[0-9a-f]{8})?)\//.test(path);
    assert.equal(cache_control, forever ? "public, max-age=31536000, immutable" : "no-cache", path);
  }
});

test("the page is uploaded after what it refers to", () => {
  assert.equal(manifest.files.at(-1).path, "index.html");
});

test("the libraries come with their licences and are the pinned versions", async () => {
  const { dependencies } = JSON.parse(await readFile(join(CONNECTOR, "..", "..", "package.json"), "utf8"));
  const paths = manifest.files.map(({ path }) => path).filter((path) => path.startsWith("vendor/"));
  for (const [name, script] of [
    ["amazon-connect-streams", "connect-streams.min.js"],
    ["libphonenumber-js", "libphonenumber.min.js"],
  ]) {
    const own = paths.filter((path) => path.startsWith(`vendor/${name}-${dependencies[name]}`));
    assert.deepEqual(own.map((path) => path.split("/").at(-1)).sort(), ["LICENSE.txt", script].sort(), name);
  }
  assert.equal(paths.length, 4);
});

test("our own code, all languages and looks included, is at most 20 KiB compressed", async () => {
  const own = manifest.files.map(({ path }) => path).filter((path) => !path.startsWith("vendor/"));
  const sizes = await Promise.all(own.map(async (path) => gzipSync(await readFile(join(DIST, path))).length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total <= 20 * 1024, `${total} bytes: ${own.map((path, index) => `${path} ${sizes[index]}`).join(", ")}`);
});

test("the artifact is what the sources make, byte for byte", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "connector-"));
  context.after(() => rm(folder, { recursive: true }));
  await promisify(execFile)(process.execPath, [join(CONNECTOR, "build.js"), join(folder, "dist")]);
  assert.deepEqual(JSON.parse(await readFile(join(folder, "dist", "manifest.json"), "utf8")), manifest);
});

test("the page has no inline code and checks the integrity of every script", async () => {
  const page = await readFile(join(DIST, "index.html"), "utf8");
  assert.ok(!/<script(?![^>]*\ssrc=)/.test(page));
  assert.ok(!/\son\w+=|\sstyle=|<style/.test(page));
  const scripts = [...page.matchAll(/<script [^>]*src="([^"]+)" integrity="sha384-([^"]+)"/g)].map((match) => match.slice(1));
  const [, phone, phoneIntegrity] = /data-phone="([^"]+)" data-integrity="sha384-([^"]+)"/.exec(page);
  assert.equal(scripts.length, page.match(/<script/g).length);
  for (const [path, integrity] of [...scripts, [phone, phoneIntegrity]]) {
    assert.equal(createHash("sha384").update(await readFile(join(DIST, path))).digest("base64"), integrity, path);
  }
});

test("no message is ever addressed to any origin", async () => {
  for (const name of await listFiles(join(CONNECTOR, "src"))) {
    assert.ok(!/["'`]\*["'`]/.test(await readFile(join(CONNECTOR, "src", name), "utf8")), name);
  }
});
