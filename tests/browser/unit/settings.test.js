// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { readSettings } from "../../../files/cti_connector/src/settings.js";

const MINIMUM = {
  instanceUrl: "https://example.my.connect.aws",
  region: "eu-west-2",
  sapOrigins: ["https://my1000000.de1.crm.cloud.sap"],
};

test("what is left out gets its default", () => {
  assert.deepEqual(readSettings(MINIMUM), {
    problems: [],
    settings: {
      ...MINIMUM,
      payloadFormat: "json",
      referenceFormat: "contact_id",
      countries: [],
      loginUrl: null,
      ringtoneEnabled: true,
      ringtoneUrl: null,
      ctiType: "agentDesktop",
      acceptAction: true,
      declineMissed: false,
      recordings: true,
      attributeFields: {
        Type: "Channel",
        ANI: "ANI",
        Custom_1: "CustomerUUID",
        Custom_2: "TicketID",
        Custom_3: "Serial",
        Email: "Email",
      },
      outboundQueueArn: null,
      vdiPlatform: null,
      softphoneWindow: "auto",
      storageAccess: false,
      language: null,
    },
  });
});

test("the settings of version 0.1.0 are understood: an upgrade uploads the page before its configuration", () => {
  const rendered = {
    ...MINIMUM,
    payloadFormat: "json",
    referenceFormat: "contact_id",
    countries: ["GB"],
    loginUrl: null,
    ringtoneEnabled: true,
    ringtoneUrl: null,
  };
  assert.deepEqual(readSettings(rendered).problems, []);
});

const QUEUE =
  "arn:aws:connect:eu-west-2:111122223333:instance/11111111-2222-4333-8444-555555555555/queue/66666666-7777-4888-8999-000000000000";

const ACCEPTED = [
  ["instanceUrl", "https://example.my.connect.aws/", "https://example.my.connect.aws"],
  ["instanceUrl", "https://example.awsapps.com/connect/", "https://example.awsapps.com/connect"],
  ["instanceUrl", "http://example.my.connect.localhost:8080"],
  ["region", "us-gov-west-1"],
  ["sapOrigins", ["https://a.crm.cloud.sap", "http://sap.localhost:8080"]],
  ["payloadFormat", "xml"],
  ["referenceFormat", "compact"],
  ["countries", ["GB", "DE"]],
  ["loginUrl", "https://idp.example.com/start?app=connect"],
  ["loginUrl", null],
  ["loginUrl", "", null],
  ["ringtoneEnabled", false],
  ["ringtoneUrl", "https://example.com/ring.mp3"],
  ["ctiType", "liveActivity"],
  ["acceptAction", false],
  ["declineMissed", true],
  ["recordings", false],
  ["attributeFields", {}],
  ["attributeFields", { BP: "partner", Custom_4: "a name with blanks" }],
  ["outboundQueueArn", QUEUE],
  ["outboundQueueArn", "", null],
  ["vdiPlatform", "OMNISSA"],
  ["vdiPlatform", null],
  ["softphoneWindow", "never"],
  ["storageAccess", true],
  ["language", "de"],
  ["language", null],
];

for (const [name, value, read = value] of ACCEPTED) {
  test(`${name} may be ${JSON.stringify(value)}`, () => {
    const { settings, problems } = readSettings({ ...MINIMUM, [name]: value });
    assert.deepEqual(problems, []);
    assert.deepEqual(settings[name], read);
  });
}

const REFUSED = [
  ["instanceUrl", undefined],
  ["instanceUrl", "http://example.my.connect.aws"],
  ["instanceUrl", "https://example.my.connect.aws.evil.example"],
  ["instanceUrl", "https://evil.example/example.my.connect.aws"],
  ["instanceUrl", "https://user@example.my.connect.aws"],
  ["instanceUrl", "javascript:alert(1)//.my.connect.aws"],
  ["region", "London"],
  ["sapOrigins", []],
  ["sapOrigins", "https://a.crm.cloud.sap"],
  ["sapOrigins", ["*"]],
  ["sapOrigins", ["https://*.crm.cloud.sap"]],
  ["sapOrigins", ["https://a.crm.cloud.sap/"]],
  ["sapOrigins", ["http://a.crm.cloud.sap"]],
  ["sapOrigins", ["null"]],
  ["sapOrigins", ["https://a.crm.cloud.sap", 7]],
  ["payloadFormat", "yaml"],
  ["referenceFormat", "dashed"],
  ["countries", ["Germany"]],
  ["loginUrl", "http://idp.example.com"],
  ["loginUrl", "javascript:alert(1)"],
  ["ringtoneEnabled", "no"],
  ["ringtoneUrl", "./ringtone.mp3"],
  ["ctiType", "agent_desktop"],
  ["acceptAction", "ACCEPT"],
  ["attributeFields", null],
  ["attributeFields", ["Custom_1"]],
  ["attributeFields", { Custom_5: "CustomerUUID" }],
  ["attributeFields", { ActionTemp: "CustomerUUID" }],
  ["attributeFields", { "Custom_1><BP": "CustomerUUID" }],
  ["attributeFields", { Custom_1: "" }],
  ["attributeFields", { Custom_1: 7 }],
  ["outboundQueueArn", "BasicQueue"],
  ["vdiPlatform", "citrix"],
  ["softphoneWindow", true],
  ["storageAccess", "yes"],
  ["language", "xx"],
  ["instanceURL", "https://example.my.connect.aws"],
  ["constructor", {}],
];

for (const [name, value] of REFUSED) {
  test(`${name} may not be ${JSON.stringify(value)}`, () => {
    const { settings, problems } = readSettings({ ...MINIMUM, [name]: value });
    assert.equal(settings, null);
    assert.equal(problems.length, 1);
    assert.ok(problems[0].startsWith(`${name} `), problems[0]);
  });
}

for (const raw of [undefined, null, "text", []]) {
  test(`the settings may not be ${JSON.stringify(raw)}`, () => {
    assert.match(readSettings(raw).problems[0], /must export one object/);
  });
}

test("every problem is told at once", () => {
  assert.equal(readSettings({ countries: "GB", colour: "red" }).problems.length, 5);
});
