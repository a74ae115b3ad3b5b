# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The built connector in a real browser, with the real Streams library and the Connect emulator's panel."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Frame
from playwright.sync_api import FrameLocator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.complaints import Complaints
from tests.browser.rendering import read_manifest
from tests.browser.rendering import render_config
from tests.browser.site import Site

AGENT_DEADLINE = 5_000  # milliseconds
START_LIMIT = 150  # milliseconds of our own between the library and the panel's frame
SIGNED_IN = "Signed in as Ann Agent"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CONTACT_ID = "0f6e3b1a-2c4d-4e5f-8a9b-0123456789ab"


def open_in_frame(page: Page, url: str) -> FrameLocator:
    page.goto(url)
    return page.frame_locator("iframe[title=Connector]")


def open_connector(page: Page, site: Site) -> FrameLocator:
    """Open the connector as an agent does, inside SAP."""
    return open_in_frame(page, site.origin("sap"))


def frame_of(page: Page, site: Site) -> Frame:
    """The connector's frame, to run code in it."""
    return next(frame for frame in page.frames if frame.url == site.connector_url)


def expect_problem(view: Page | FrameLocator, name: str) -> None:
    expect(view.locator(f"[data-problem={name}]")).to_be_visible()


def send_from_panel(page: Page, connector: FrameLocator, event: str, data: dict | None = None) -> None:
    """Let the panel report something to the library, once both are there."""
    expect(connector.locator("#status")).not_to_have_text(re.compile("Starting|Connecting"))
    panel = next(frame for frame in page.frames if "/ccp-v2/" in frame.url)
    panel.evaluate("([event, data]) => send(event, data)", [event, data or {}])


def send_from_sap(page: Page, message: dict) -> None:
    """Post a message to the connector as the page of SAP does."""
    page.evaluate("(message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')", message)


def find_barriers(connector: Frame) -> list[str]:
    """Return what axe finds in the page, without what is inside the panel's frame."""
    connector.evaluate(AXE.read_text())
    result = connector.evaluate("() => axe.run(document, {iframes: false})")
    return [f"{violation['id']}: {violation['nodes'][0]['html']}" for violation in result["violations"]]


def softphone_error(kind: str) -> dict:
    return {"errorType": kind, "errorMessage": "for a test", "endPointUrl": ""}


def wait_untouched(page: Page, site: Site, condition: str) -> None:
    """Wait until the condition, in JavaScript, holds in the connector.

    Playwright looks at a page as a person who touches it, and a touched page may open windows.
    """
    cdp = page.context.new_cdp_session(frame_of(page, site))
    for _attempt in range(300):
        if cdp.send("Runtime.evaluate", {"expression": condition})["result"]["value"]:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"It never came true that {condition}")


def test_the_agent_is_there_within_five_seconds(page: Page, site: Site) -> None:
    connector = open_connector(page, site)

    expect(connector.locator("#status")).to_have_text(SIGNED_IN, timeout=AGENT_DEADLINE)

    expect(connector.locator(".problem")).to_have_count(0)
    # The library keeps on talking to the panel; what it complains of comes with the first exchanges.
    page.wait_for_timeout(1_500)


def test_the_page_itself_starts_fast(page: Page, site: Site) -> None:
    """The best of a few starts is the page's own share; the rest is what else the machine was busy with."""
    shares: list[float] = []
    while not shares or (min(shares) > START_LIMIT and len(shares) < 5):
        connector = open_connector(page, site)
        expect(connector.locator("#status")).to_have_text(SIGNED_IN)
        first, second = frame_of(page, site).evaluate(
            "['streams-loaded', 'init-ccp'].map((name) => performance.getEntriesByName(name)[0].startTime)"
        )
        shares.append(second - first)

    assert 0 < min(shares) <= START_LIMIT


def test_the_page_speaks_the_language_of_the_browser(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page(locale="de-DE")
    connector = open_connector(page, site)

    expect(connector.locator("#status")).to_have_text("Angemeldet als Ann Agent")
    expect(connector.locator("html")).to_have_attribute("lang", "de")
    expect(connector.get_by_role("button", name="Protokoll für Support speichern")).to_be_visible()


def test_the_settings_may_name_the_language(page: Page, site: Site) -> None:
    site.settings["language"] = "it"
    site.config_js = render_config(site.settings | {"region": "nowhere"})

    expect(open_connector(page, site).locator("#status")).to_have_text("Not connected")
    site.config_js = None
    expect(open_connector(page, site).locator("#status")).to_have_text("Accesso come Ann Agent")


def test_the_support_log_can_be_saved(page: Page, site: Site) -> None:
    connector = open_connector(page, site)
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    with page.expect_download() as download:
        connector.get_by_role("button", name="Save support log").click()

    text = Path(download.value.path()).read_text()
    assert download.value.suggested_filename == "cti-support-log.txt"
    assert "signed in" in text
    assert "Ann" not in text


def test_a_number_that_cannot_be_called_is_told(page: Page, site: Site) -> None:
    connector = open_connector(page, site)
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    send_from_sap(page, {"Direction": "OUT", "PhoneNumber": "+44 12"})

    expect_problem(connector, "dial_refused")
    expect(connector.locator("[data-problem=dial_refused]")).to_contain_text("+44 12 is not called")
    connector.get_by_role("button", name="Close").click()
    expect(connector.locator(".problem")).to_have_count(0)


def test_a_call_before_the_sign_in_waits_visibly(page: Page, site: Site) -> None:
    site.signed_in = False
    with page.expect_popup():
        connector = open_connector(page, site)
    send_from_sap(page, {"Direction": "OUT", "PhoneNumber": "+44 20 7183 8750"})

    expect_problem(connector, "dial_waiting")


def test_a_recording_opens_in_a_tab(page: Page, site: Site, complaints: Complaints) -> None:
    # The instance has no such contact.
    complaints.foresee("404")
    connector = open_connector(page, site)
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    zone = page.evaluate("encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)")
    with page.expect_popup() as popup:
        send_from_sap(page, {"InteractionId": CONTACT_ID.replace("-", "").upper()})

    address = f"{site.settings['instanceUrl']}/contact-trace-records/details/{CONTACT_ID}?tz={zone}"
    popup.value.wait_for_url(address)
    assert popup.value.evaluate("window.opener") is None


def test_a_blocked_recording_leaves_a_link(open_page: Callable[..., Page], site: Site, complaints: Complaints) -> None:
    # The instance has no such contact.
    complaints.foresee("404")
    page = open_page(popups=False)
    connector = open_connector(page, site)
    wait_untouched(page, site, "document.body.dataset.phase === 'ready'")
    cdp = page.context.new_cdp_session(page)
    message = json.dumps({"RecordingId": CONTACT_ID})
    post = f"document.querySelector('iframe').contentWindow.postMessage({message}, '*')"
    cdp.send("Runtime.evaluate", {"expression": post})

    expect_problem(connector, "recording_blocked")
    with page.expect_popup() as popup:
        connector.get_by_role("link", name="Open").click()
    assert CONTACT_ID in popup.value.url


def test_storage_is_asked_for_as_the_library_does(page: Page, site: Site) -> None:
    """The library asks only instances by their real names for it, so a made-up one answers here."""
    instance = "https://example.my.connect.aws"
    answer = """<!doctype html><html lang="en"><title>Storage</title><link rel="icon" href="data:,"><script>
      parent.postMessage({event: "storageAccess::denied", data: {}}, "*")</script></html>"""
    page.context.route(f"{instance}/**", lambda route: route.fulfill(content_type="text/html", body=answer))
    site.settings |= {"instanceUrl": instance, "storageAccess": True}
    connector = open_connector(page, site)

    expect(connector.locator("main iframe")).to_have_attribute("src", f"{instance}/request-storage-access")
    expect_problem(connector, "storage_denied")


def test_the_page_refuses_to_work_outside_a_frame(page: Page, site: Site) -> None:
    page.goto(site.connector_url)

    expect_problem(page, "host_none")
    expect(page.locator("#status")).to_have_text("Not connected")
    expect(page.locator("iframe")).to_have_count(0)


def test_the_console_tells_nothing(page: Page, site: Site) -> None:
    """What Streams would write there has customers' numbers and attributes in it."""
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    connector = open_connector(page, site)
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    page.wait_for_timeout(1_500)

    assert messages == []


def test_the_streams_library_is_the_packaged_one(page: Page, site: Site) -> None:
    connector = open_connector(page, site)
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    package = Path(__file__).parents[2] / "package.json"
    pinned = json.loads(package.read_text())["dependencies"]["amazon-connect-streams"]

    agent = frame_of(page, site).evaluate(
        "() => new Promise((found) => connect.agent((agent) => found([agent.getName(), connect.version])))"
    )

    # The 2.28.2 package still calls itself 2.28.1.
    assert agent[0] == "Ann Agent"
    assert agent[1].rpartition(".")[0] == pinned.rpartition(".")[0]


def test_the_panel_gets_the_settings(page: Page, site: Site) -> None:
    site.settings |= {"ringtoneEnabled": False, "region": "ca-central-1", "vdiPlatform": "AWS_WORKSPACE"}
    connector = open_connector(page, site)
    panel = connector.locator("iframe[name='Amazon Connect CCP']")

    expect(panel).to_have_attribute("src", f"{site.settings['instanceUrl']}/ccp-v2/")
    expect(panel).to_have_attribute("title", "Contact control panel")
    assert frame_of(page, site).evaluate("connect.core.softphoneParams.disableRingtone") is True
    assert frame_of(page, site).evaluate("connect.core.softphoneParams.VDIPlatform") == "AWS_WORKSPACE"


def test_missing_settings_are_told(page: Page, site: Site, complaints: Complaints) -> None:
    complaints.foresee("404.*config")
    site.missing.add("config.js")
    connector = open_connector(page, site)

    expect_problem(connector, "config_missing")
    expect(connector.get_by_role("alert")).to_contain_text("config.js could not be loaded")
    expect(connector.locator("#status")).to_have_text("Not connected")
    expect(connector.locator("iframe")).to_have_count(0)


def test_wrong_settings_are_told_one_by_one(page: Page, site: Site) -> None:
    site.config_js = render_config({"instanceUrl": "https://example.com", "region": "eu-west-2", "sapOrigins": ["*"]})
    connector = open_connector(page, site)

    expect_problem(connector, "config_wrong")
    expect(connector.get_by_role("listitem")).to_have_count(2)
    expect(connector.locator("iframe")).to_have_count(0)


def test_settings_cannot_become_code(page: Page, site: Site) -> None:
    region = '"}; document.title = "owned"; //</script>\u2028{{ 1 + 1 }}'
    site.config_js = render_config(site.settings | {"region": region})
    connector = open_connector(page, site)

    expect_problem(connector, "config_wrong")
    assert frame_of(page, site).title() == "Amazon Connect for SAP"
    read = frame_of(page, site).evaluate(
        "async () => (await import(new URL('config.js', document.baseURI).href)).default.region"
    )
    assert read == region


def test_a_missing_library_is_told(page: Page, site: Site, complaints: Complaints) -> None:
    complaints.foresee("404.*vendor")
    site.missing |= {file["path"] for file in read_manifest()["files"] if file["path"].startswith("vendor/")}
    connector = open_connector(page, site)

    expect_problem(connector, "streams_missing")


def test_a_foreign_page_cannot_frame_the_connector(page: Page, site: Site, complaints: Complaints) -> None:
    complaints.foresee("frame-ancestors")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(site.origin("evil"))

    assert page.frames[-1].url != site.connector_url


def test_the_page_itself_refuses_a_foreign_parent(page: Page, site: Site) -> None:
    """As when the response headers are lost on the way."""
    evil = site.origin("evil")
    site.config_js = render_config(site.settings)
    site.settings = site.settings | {"sapOrigins": [evil]}
    connector = open_in_frame(page, evil)

    expect_problem(connector, "host_refused")
    expect(connector.locator("[data-problem=host_refused]")).to_contain_text(evil)
    expect(connector.locator("iframe")).to_have_count(0)
    assert len(page.frames) == 2


def test_sap_inside_a_foreign_page_is_refused(page: Page, site: Site) -> None:
    evil, sap = site.origin("evil"), site.origin("sap")
    site.config_js = render_config(site.settings)
    site.settings = site.settings | {"sapOrigins": [evil, sap]}
    page.goto(evil)
    page.evaluate("(sap) => { document.querySelector('iframe').src = sap; }", sap)
    connector = page.frame_locator("iframe").frame_locator("iframe")

    expect_problem(connector, "host_refused")


@pytest.mark.parametrize(
    "approved",
    [(), ("connector",), ("sap",)],
    ids=["neither is", "SAP around the connector", "the connector in SAP"],
)
def test_every_page_around_the_panel_must_be_an_approved_origin(
    page: Page, approved: tuple[str, ...], complaints: Complaints
) -> None:
    complaints.foresee("frame-ancestors")
    with closing(Site(approved=approved)) as site:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(site.origin("sap"))
        complaints.stop()


def test_signing_in_by_the_popup(page: Page, site: Site) -> None:
    site.signed_in = False
    with page.expect_popup() as popup:
        connector = open_connector(page, site)

    expect_problem(connector, "sign_in")
    expect(connector.locator("#status")).to_have_text("Sign-in needed")
    with popup.value.expect_event("close"):
        popup.value.get_by_role("link", name="Sign in").click()

    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    expect(connector.locator(".problem")).to_have_count(0)


def test_a_second_tab_asks_to_sign_in_without_another_window(page: Page, site: Site) -> None:
    site.signed_in = False
    with page.expect_popup():
        open_connector(page, site)
    second = page.context.new_page()

    expect_problem(open_connector(second, site), "sign_in")
    assert len(page.context.pages) == 3


def test_single_sign_on_opens_its_own_page(page: Page, site: Site, complaints: Complaints) -> None:
    # The page that stands for the single sign-on frames the connector.
    complaints.foresee("frame-ancestors")
    site.signed_in = False
    site.settings["loginUrl"] = site.origin("sso") + "/"
    with page.expect_popup() as popup:
        connector = open_connector(page, site)

    expect(popup.value).to_have_url(site.settings["loginUrl"])
    expect(connector.get_by_role("link", name="Sign in")).to_have_attribute("href", site.settings["loginUrl"])


def test_a_blocked_popup_leaves_a_link(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page(popups=False)
    site.signed_in = False
    connector = open_connector(page, site)
    wait_untouched(page, site, "document.querySelector('[data-problem=popup_blocked]') !== null")

    with page.expect_popup() as popup:
        connector.get_by_role("link", name="Sign in").click()
    popup.value.get_by_role("link", name="Sign in").click()

    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    expect(connector.locator(".problem")).to_have_count(0)


def test_blocked_storage_is_told(open_page: Callable[..., Page], site: Site) -> None:
    connector = open_in_frame(open_page(third_party_storage=False), site.origin("sap"))

    expect_problem(connector, "storage_blocked")


def test_storage_that_is_allowed_starts_the_page_once(page: Page, site: Site) -> None:
    """The browser's own question cannot be answered here, so the page sees one that is answered after a while."""
    page.add_init_script(
        """if (location.hostname.startsWith("connector.")) {
          const storage = localStorage;
          let allowed = false;
          Object.defineProperty(window, "localStorage", {
            get() {
              if (!allowed) throw new DOMException("blocked", "SecurityError");
              return storage;
            },
          });
          document.requestStorageAccess = async () => {
            await new Promise((answered) => setTimeout(answered, 500));
            allowed = true;
          };
        }"""
    )
    connector = open_connector(page, site)
    expect_problem(connector, "storage_blocked")
    connector.get_by_role("button", name="Allow").dblclick()

    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    expect(connector.locator(".problem")).to_have_count(0)
    expect(connector.locator("#ccp iframe")).to_have_count(1)


def test_an_instance_that_only_wants_a_sign_in_is_not_called_unreachable(page: Page, site: Site) -> None:
    page.clock.install()
    site.signed_in = False
    connector = open_connector(page, site)
    expect(connector.locator("#ccp iframe")).to_have_count(1)
    page.clock.run_for(26_000)

    expect_problem(connector, "not_answering")
    expect(connector.locator("[data-problem=unreachable]")).to_have_count(0)


def test_what_the_panel_reports_is_told(page: Page, site: Site) -> None:
    connector = open_connector(page, site)
    for event, data, problem, status in [
        ("agent::softphone_error", softphone_error("microphone_not_shared"), "microphone_denied", SIGNED_IN),
        ("agent::softphone_error", softphone_error("webrtc_error"), "softphone_failed", SIGNED_IN),
        ("agent::websocket_connection_lost", None, "connection_lost", "Connection lost"),
        ("auth_fail", None, "auth_failed", "Sign-in needed"),
        ("terminated", None, "signed_out", "Sign-in needed"),
        ("access_denied", None, "access_denied", "Not connected"),
        ("authorize_retries_exhausted", None, "authorize_exhausted", "Not connected"),
        ("cti_authorize_retries_exhausted", None, "authorize_exhausted", "Not connected"),
    ]:
        send_from_panel(page, connector, event, data)

        expect_problem(connector, problem)
        expect(connector.locator("#status")).to_have_text(status)


def test_a_panel_that_never_answers_is_given_up(page: Page, site: Site) -> None:
    page.clock.install()
    site.signed_in = False
    connector = open_connector(page, site)
    expect(connector.locator("#ccp iframe")).to_have_count(1)
    page.clock.run_for(120_000)

    expect_problem(connector, "retries_exhausted")
    expect(connector.locator("[data-problem=retries_exhausted]")).to_contain_text(site.connector_url.rstrip("/"))
    expect(connector.locator("#status")).to_have_text("Not connected")
    # The last panel may still be loading, and would be there after all if it found a session.
    page.wait_for_timeout(1_000)
    site.signed_in = True
    connector.get_by_role("button", name="Try again").click()
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)


def test_a_microphone_that_sap_keeps_is_told(page: Page, site: Site) -> None:
    site.settings["softphoneWindow"] = "never"
    connector = open_in_frame(page, site.origin("sap") + "/?allow=autoplay")

    expect_problem(connector, "microphone_not_delegated")
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)


def test_calls_are_heard_in_a_window_of_their_own_where_sap_keeps_the_microphone(page: Page, site: Site) -> None:
    connector = open_in_frame(page, site.origin("sap") + "/?allow=autoplay")
    expect_problem(connector, "softphone_window")
    assert frame_of(page, site).evaluate("connect.core.softphoneParams.allowFramedSoftphone") is False

    with page.expect_popup() as popup:
        connector.get_by_role("button", name="Open").click()

    expect(popup.value).to_have_url(f"{site.settings['instanceUrl']}/ccp-v2/")


def test_a_blocked_microphone_is_told(open_page: Callable[..., Page], site: Site) -> None:
    page = open_page()
    cdp = page.context.new_cdp_session(page)
    # A frame has the permission of the page that people see in the address bar.
    permission = {"permission": {"name": "microphone"}, "origin": site.origin("sap")}
    cdp.send("Browser.setPermission", permission | {"setting": "denied"})
    connector = open_connector(page, site)
    expect_problem(connector, "microphone_denied")

    cdp.send("Browser.setPermission", permission | {"setting": "granted"})
    expect(connector.locator(".problem")).to_have_count(0)


def test_the_panel_gets_the_microphone_through_sap_and_the_connector(page: Page, site: Site) -> None:
    connector = open_in_frame(page, site.origin("sap"))
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    panel = next(frame for frame in page.frames if "/ccp-v2/" in frame.url)

    assert panel.evaluate("document.featurePolicy.allowsFeature('microphone')") is True
    assert panel.evaluate("document.featurePolicy.allowsFeature('camera')") is False


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 460), (1280, 800)], ids=["narrow", "wide"])
def test_nothing_is_cut_off(
    open_page: Callable[..., Page], site: Site, tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    """Keep pictures of the page in the folder that SCREENSHOTS names, for people to look at."""
    pictures = Path(os.environ.get("SCREENSHOTS", tmp_path))
    page = open_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)

    def look(name: str) -> None:
        assert frame_of(page, site).evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert find_barriers(frame_of(page, site)) == []
        page.screenshot(path=pictures / f"{name}-{size[0]}-{scheme}.png")

    connector = open_connector(page, site)
    expect(connector.locator("#status")).to_have_text(SIGNED_IN)
    look("ready")
    send_from_panel(page, connector, "auth_fail")
    expect_problem(connector, "auth_failed")
    look("auth-failed")
    site.config_js = "export default {};"
    connector = open_connector(page, site)
    expect_problem(connector, "config_wrong")
    look("config-wrong")


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it"])
def test_every_language_fits_a_narrow_page(open_page: Callable[..., Page], site: Site, language: str) -> None:
    site.settings["language"] = language
    page = open_page(viewport={"width": 320, "height": 460})
    connector = open_connector(page, site)
    expect(connector.locator("html")).to_have_attribute("lang", language)
    expect(connector.locator("body")).to_have_attribute("data-phase", "ready")
    send_from_panel(page, connector, "auth_fail")
    expect_problem(connector, "auth_failed")
    send_from_sap(page, {"Direction": "OUT", "PhoneNumber": "+44 20 7183 8750"})
    expect_problem(connector, "dial_waiting")

    assert frame_of(page, site).evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert find_barriers(frame_of(page, site)) == []
    spoken = [
        connector.locator("[data-problem=auth_failed] h2").text_content(),
        connector.locator("main iframe").get_attribute("title"),
    ]
    english = ["Amazon Connect did not accept the sign-in", "Contact control panel"]
    assert [one == other for one, other in zip(spoken, english, strict=True)] == [language == "en"] * 2


def test_the_page_can_be_used_without_seeing_it(page: Page, site: Site) -> None:
    connector = open_connector(page, site)
    send_from_panel(page, connector, "auth_fail")

    expect(connector.locator("html")).to_have_attribute("lang", "en")
    assert frame_of(page, site).title() == "Amazon Connect for SAP"
    expect(connector.get_by_role("status")).to_have_text("Sign-in needed")
    expect(connector.get_by_role("alert")).to_contain_text("Amazon Connect did not accept the sign-in")
    page.keyboard.press("Tab")
    expect(connector.get_by_role("link", name="Sign in")).to_be_focused()
