// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { contactPage, openPage, requestedRecording } from "../../../files/cti_connector/src/pages.js";
import { contactIdOf, referenceOf } from "../../../files/cti_connector/src/reference.js";

const ID = "0f6e3b1a-2c4d-4e5f-8a9b-0123456789ab";

test("the page of a contact has the time zone of the browser, encoded", () => {
  assert.equal(
    contactPage("https://example.my.connect.aws", ID, "America/Port-au-Prince"),
    `https://example.my.connect.aws/contact-trace-records/details/${ID}?tz=America%2FPort-au-Prince`,
  );
});

for (const url of ["https://example.awsapps.com", "https://example.awsapps.com/connect"]) {
  test(`the contact pages of ${url} are below /connect`, () => {
    assert.equal(
      contactPage(url, ID, "UTC"),
      `https://example.awsapps.com/connect/contact-trace-records/details/${ID}?tz=UTC`,
    );
  });
}

for (const key of ["RecordingId", "InteractionId"]) {
  for (const reference of [ID, ID.toUpperCase(), referenceOf(ID, "compact"), ID.replaceAll("-", "")]) {
    test(`${key} ${reference} is a recording`, () => {
      assert.equal(requestedRecording({ [key]: reference }), ID);
    });
  }
}

const NO_RECORDINGS = [
  {},
  { RecordingId: null },
  { RecordingId: {} },
  { RecordingId: "" },
  { RecordingId: `${ID}/../../evil` },
  { RecordingId: `${ID}?x` },
  { RecordingId: "javascript:alert(1)" },
  { RecordingId: "1".repeat(100_000) },
  Object.create({ RecordingId: ID }),
];

for (const request of NO_RECORDINGS) {
  test(`${JSON.stringify(request).slice(0, 60)} is no recording`, () => {
    assert.equal(requestedRecording(request), null);
  });
}

test("a reference of either format leads back to the contact", () => {
  for (const format of ["contact_id", "compact"]) {
    assert.equal(contactIdOf(referenceOf(ID, format)), ID);
  }
  assert.match(referenceOf(ID, "compact"), /^[0-9A-F]{32}$/);
});

test("an opened page cannot reach back", () => {
  const opened = { opener: {} };
  assert.equal(openPage({ open: () => opened }, "https://example.com/"), true);
  assert.equal(opened.opener, null);
});

test("a blocked page is noticed", () => {
  assert.equal(openPage({ open: () => null }, "https://example.com/"), false);
});
