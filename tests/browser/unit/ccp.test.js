// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { ccpOptions, ccpUrl } from "../../../files/cti_connector/src/ccp.js";

const SETTINGS = {
  instanceUrl: "https://example.my.connect.aws",
  region: "eu-west-2",
  loginUrl: null,
  ringtoneEnabled: true,
  ringtoneUrl: null,
  vdiPlatform: null,
  storageAccess: false,
};
const PAGE = { softphoneElsewhere: false, title: "Contact control panel" };

const ADDRESSES = [
  ["https://example.my.connect.aws", "https://example.my.connect.aws/ccp-v2/"],
  ["https://example.awsapps.com", "https://example.awsapps.com/connect/ccp-v2/"],
  ["https://example.awsapps.com/connect", "https://example.awsapps.com/connect/ccp-v2/"],
  ["http://example.my.connect.localhost:8080", "http://example.my.connect.localhost:8080/ccp-v2/"],
];

for (const [instanceUrl, address] of ADDRESSES) {
  test(`the panel of ${instanceUrl} is ${address}`, () => {
    assert.equal(ccpUrl(instanceUrl), address);
  });
}

test("calls ring in the frame, and nothing is set that the settings leave out", () => {
  const options = ccpOptions(SETTINGS, PAGE);
  assert.equal(options.softphone.allowFramedSoftphone, true);
  assert.equal(options.softphone.disableRingtone, false);
  assert.ok(!("loginUrl" in options));
  assert.ok(!("ringtoneUrl" in options.softphone));
  assert.ok(!("VDIPlatform" in options.softphone));
  assert.ok(!("storageAccess" in options));
});

test("single sign-on and the ringtone come from the settings", () => {
  const options = ccpOptions({
    ...SETTINGS,
    loginUrl: "https://idp.example.com/",
    ringtoneEnabled: false,
    ringtoneUrl: "https://example.com/ring.mp3",
  }, PAGE);
  assert.equal(options.loginUrl, "https://idp.example.com/");
  assert.deepEqual(
    [options.softphone.disableRingtone, options.softphone.ringtoneUrl],
    [true, "https://example.com/ring.mp3"],
  );
});

test("virtual desktops and third-party storage are asked for where the settings say so", () => {
  const options = ccpOptions({ ...SETTINGS, vdiPlatform: "CITRIX", storageAccess: true }, PAGE);
  assert.equal(options.softphone.VDIPlatform, "CITRIX");
  assert.deepEqual(options.storageAccess, { canRequest: true, instanceUrl: SETTINGS.instanceUrl });
});

test("the framed softphone is silent where calls are heard in a window of their own", () => {
  assert.equal(ccpOptions(SETTINGS, { ...PAGE, softphoneElsewhere: true }).softphone.allowFramedSoftphone, false);
});

test("nothing is asked for that calls do not need", () => {
  const { softphone } = ccpOptions(SETTINGS, PAGE);
  assert.ok(!("allowFramedVideoCall" in softphone) && !("allowFramedScreenSharing" in softphone));
});
