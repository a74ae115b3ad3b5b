# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Malformed events, analysis files and answers of SAP, by the thousand.

Whatever comes in: no text of another record changes, no text of an agent is lost, nothing empty is written, and the end
is an outcome or one of the function's own errors.
"""

from __future__ import annotations

import copy
import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest
import requests
import summary_lambda
import urllib3
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import seed
from hypothesis import settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict
from summary_fakes import CONTACT_ID
from summary_fakes import ENVIRONMENT
from summary_fakes import INSTANCE_ARN
from summary_fakes import PREFIX
from summary_fakes import SUMMARY
from summary_fakes import Cloud
from summary_fakes import Context
from summary_fakes import make_document
from summary_fakes import make_event
from summary_fakes import make_failure
from summary_lambda import deadline
from summary_lambda import runtime
from summary_lambda.errors import SummaryError

# Together 20,000 in the full run.
INPUTS = {"quick": 350, "full": 6_700}
OUTCOMES = {"written", "unchanged", "kept", "skipped", "ignored"}
PATH = "/sap/c4c/api/v1/phone-service/phoneCalls"
OWN, OTHER = "call-own", "call-other"
AGENT = "The agent wrote this."
OTHERS = "Somebody else's text."
UPDATED = "2026-03-10T14:35:00.001Z"


def make_record(call_id: str, reference: str, transcript: str) -> dict[str, Any]:
    return {
        "id": call_id,
        "externalId": {"displayId": reference},
        "adminData": {"createdOn": "2026-03-10T14:30:01.000Z", "updatedOn": UPDATED},
        "status": "OPEN",
        "transcript": transcript,
    }


class Sap:
    """SAP without a network: answers from a script, and the right ones after its end."""

    def __init__(self) -> None:
        self.reset([])

    def reset(self, script: list[Any]) -> None:
        self.script = list(script)
        self.records = {OWN: make_record(OWN, CONTACT_ID, AGENT), OTHER: make_record(OTHER, "other", OTHERS)}
        self.patches: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        if request.method == "PATCH":
            self.patches.append(request)
        if self.script:
            scripted = self.script.pop(0)
            if isinstance(scripted, type):
                raise scripted("said by the network")
            return _response(request, *scripted)
        call_id = _call_id(request)
        if not call_id:
            return _response(request, 200, {}, json.dumps({"value": [self.records[OWN]]}).encode())
        record = self.records.get(call_id)
        if record is None:
            return _response(request, 404, {}, b"")
        if request.method == "PATCH":
            if request.headers["If-Match"] != record["adminData"]["updatedOn"]:
                return _response(request, 412, {}, b"")
            record.update(json.loads(request.body))
        return _response(request, 200, {}, json.dumps({"value": record}).encode())


def _response(
    request: requests.PreparedRequest, status: int, headers: dict[str, str], body: bytes
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers = CaseInsensitiveDict(headers)
    response._content = body
    response.raw = urllib3.HTTPResponse(body=b"", headers=headers, status=status)
    response.request = request
    response.url = request.url
    return response


class World:
    """The handler with everything around it, kept for all inputs of a test."""

    def __init__(self, cloud: Cloud, sap: Sap) -> None:
        self.cloud = cloud
        self.sap = sap
        self.ends: Counter[str] = Counter()

    def handle(self, event: Any) -> dict[str, Any] | SummaryError:
        """Handle an event; check what holds for all of them."""
        try:
            result: dict[str, Any] | SummaryError = summary_lambda.handler(event, Context())
        except SummaryError as error:
            result = error
        else:
            assert result["outcome"] in OUTCOMES
            json.dumps(result)
        self.ends[result["outcome"] if isinstance(result, dict) else type(result).__name__] += 1
        for patch in self.sap.patches:
            body = json.loads(patch.body)
            assert body.keys() == {"transcript"}
            assert body["transcript"].strip()
            assert patch.headers["If-Match"].strip()
        return result


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    sap = Sap()
    with pytest.MonkeyPatch.context() as patch, Cloud() as cloud:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setenv("LOG_LEVEL", "CRITICAL")
        for name in ("CONNECT_INSTANCE_ARN", "REFERENCE_FORMAT", "ANALYSIS_OUTPUTS"):
            patch.delenv(name, raising=False)
        patch.setattr(runtime.boto3, "Session", cloud.make_session)
        patch.setattr(runtime, "_runtime", None)
        patch.setattr(deadline, "sleep", lambda seconds: None)
        patch.setattr(requests.adapters.HTTPAdapter, "send", lambda self, request, **_options: sap.send(request))
        cloud.settings("http://127.0.0.1:1")
        cloud.contact()
        yield World(cloud, sap)


TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(["", " ", "\x00", "None", "../x", "a' or 'a' eq 'a", "\ud800"]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield from _paths(member, (*path, key))


@st.composite
def damaged(draw: Any, sound: Callable[[], Any]) -> Any:
    """A sound document of which up to three places are replaced, cut short or left out."""
    document = copy.deepcopy(sound())
    for _unused in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(_paths(document))))
        if not path:
            document = draw(st.one_of(st.just(document), VALUES))
            continue
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        change = draw(st.sampled_from(["replace", "remove", "cut"]))
        if change == "remove":
            del parent[path[-1]]
        elif change == "cut" and isinstance(parent[path[-1]], str):
            parent[path[-1]] = parent[path[-1]][: draw(st.integers(0, 30))]
        else:
            parent[path[-1]] = draw(VALUES)
    return document


def wanted() -> dict[str, Any]:
    detail = {"instanceArn": INSTANCE_ARN, "contactArn": f"{INSTANCE_ARN}/contact/{CONTACT_ID}", "reason": "reconcile"}
    return {"source": "amazon_connect.sap", "detail-type": "Summary Wanted", "detail": detail}


def realtime() -> dict[str, Any]:
    return {**make_event(), "detail-type": "Contact Lens Realtime Rules Matched"}


EVENTS = st.one_of(
    VALUES,
    damaged(make_event),
    damaged(lambda: make_failure("RECORDING_FILE_EMPTY")),
    damaged(wanted),
    damaged(realtime),
    st.from_regex(r"[0-9a-f-]{1,40}", fullmatch=True).map(
        lambda contact: make_event(contactArn=f"{INSTANCE_ARN}/contact/{contact}")
    ),
)


def analysis() -> dict[str, Any]:
    summary = {"Content": SUMMARY, "Status": "COMPLETED"}
    return {
        **make_document(None),
        "Channel": "VOICE",
        "JobDetails": {"SkippedAnalysis": [{"Feature": "POST_CONTACT_SUMMARY", "ReasonCode": "QUOTA_EXCEEDED"}]},
        "ConversationCharacteristics": {
            "ContactSummary": {
                "PostContactSummary": summary,
                "AutoGenerated": {"PostContactSummary": summary},
                "ContactChainSummary": summary,
            }
        },
    }


WHOLE = damaged(analysis).map(lambda document: json.dumps(document).encode())
CONTENTS = st.one_of(
    WHOLE,
    damaged(make_document).map(lambda document: json.dumps(document).encode()),
    st.tuples(WHOLE, st.integers(1, 400)).map(lambda cut: cut[0][: -cut[1]]),
    st.binary(max_size=60),
)
# Each with its age in minutes: fresh, or past the time in which a summary may still come.
FILES = st.tuples(CONTENTS, st.sampled_from([0, 60]))

STATUSES = st.sampled_from(
    [200, 200, 200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 415, 422, 428]
    + [429, 500, 501, 502, 503, 504, 599]
)
HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "Content-Type", "Location", "ETag", "Content-Encoding"]),
    st.one_of(
        st.sampled_from(["0", "-1", "1e9", "99999999999999999999", "soon", "Fri, 31 Dec 9999 23:59:59 GMT", "\u0663"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
    ),
    max_size=2,
)


def as_list() -> dict[str, Any]:
    return {"count": 2, "value": [make_record(OWN, CONTACT_ID, AGENT), make_record(OTHER, "other", OTHERS)]}


BODIES = st.one_of(
    damaged(as_list),
    damaged(lambda: {"value": make_record(OWN, CONTACT_ID, AGENT)}),
    damaged(lambda: {"error": {"code": "x.y", "message": OTHERS, "details": []}}),
    VALUES,
).map(lambda document: json.dumps(document).encode()) | st.sampled_from([b"", b"<html>", b"\xff\xfe", b"[" * 5_000])
NETWORK = st.sampled_from(
    [
        requests.ConnectionError,
        requests.ConnectTimeout,
        requests.ReadTimeout,
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ContentDecodingError,
        requests.exceptions.InvalidHeader,
    ]
)
ANSWERS = st.lists(st.one_of(st.tuples(STATUSES, HEADERS, BODIES), NETWORK), min_size=1, max_size=6)


def run_inputs(world: World, strategy: Any, check: Callable[[World, Any], None], inputs: int) -> int:
    """Check so many inputs; return how many there were."""
    count = 0

    @seed(20260310)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(value: Any) -> None:
        nonlocal count
        count += 1
        check(world, value)

    run()
    return count


def check_event(world: World, event: Any) -> None:
    world.sap.reset([])
    world.cloud.files.clear()
    world.cloud.analysis(make_document())
    result = world.handle(event)
    assert world.sap.records[OWN]["transcript"].startswith(AGENT)
    assert all(_call_id(patch) == OWN for patch in world.sap.patches)
    if world.sap.records[OWN]["transcript"] != AGENT:
        assert isinstance(result, dict)
        assert result["contact_id"] == CONTACT_ID


def check_file(world: World, value: tuple[bytes, int]) -> None:
    content, age = value
    world.sap.reset([])
    world.cloud.files.clear()
    written = datetime.now(UTC) - timedelta(minutes=age)
    world.cloud.file(f"{PREFIX}_2026-03-10T14:30:00Z.json", content, written)
    world.handle(make_event())
    assert world.sap.records[OWN]["transcript"].startswith(AGENT)
    assert all(_call_id(patch) == OWN for patch in world.sap.patches)
    added = world.sap.records[OWN]["transcript"].removeprefix(AGENT).strip()
    if added:
        # Every text that is written comes out of the file, less what a form field may refuse.
        assert _visible(added) in {_visible(text) for text in _texts(json.loads(content))}


def _texts(value: Any) -> Iterator[str]:
    for path in _paths(value):
        member = value
        for key in path:
            member = member[key]
        if isinstance(member, str):
            yield member


def _visible(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs")).strip()


def check_answers(world: World, script: list[Any]) -> None:
    world.sap.reset(script)
    world.cloud.files.clear()
    world.cloud.analysis(make_document())
    answered = [answer[2] for answer in script if not isinstance(answer, type)]
    world.handle(make_event())
    if not any(f'"{OWN}"'.encode() in body and AGENT.encode() not in body for body in answered):
        # SAP never showed the record without its text.
        assert world.sap.records[OWN]["transcript"].startswith(AGENT)
    for patch in world.sap.patches:
        call_id = _call_id(patch)
        assert call_id
        assert SUMMARY in json.loads(patch.body)["transcript"]
        assert call_id == OWN or _was_lone_or_ours(call_id, answered)


def _call_id(request: requests.PreparedRequest) -> str:
    return unquote(urlsplit(request.url).path.removeprefix(PATH).strip("/"))


def _was_lone_or_ours(call_id: str, answered: list[bytes]) -> bool:
    """Tell whether SAP itself gave this id to the reference, or gave a single record that names no reference."""
    for body in answered:
        try:
            value = json.loads(body)["value"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        records = [record for record in (value if isinstance(value, list) else [value]) if isinstance(record, dict)]
        for record in records:
            external = record.get("externalId")
            named = external.get("displayId") if isinstance(external, dict) else None
            if record.get("id") == call_id and (named == CONTACT_ID or (not external and len(records) == 1)):
                return True
    return False


PROPERTIES = {"events": (EVENTS, check_event), "files": (FILES, check_file), "answers": (ANSWERS, check_answers)}


@pytest.mark.parametrize("kind", PROPERTIES)
@pytest.mark.parametrize("size", ["quick", pytest.param("full", marks=pytest.mark.full)])
def test_malformed_inputs_end_well(world, record_property, kind, size):
    strategy, check = PROPERTIES[kind]
    world.ends.clear()
    count = run_inputs(world, strategy, check, INPUTS[size])
    record_property(
        "figures", f"{count} {kind}: no wrong record written, no other end than {dict(world.ends.most_common())}"
    )
    assert count >= INPUTS[size]
    # The inputs are not all refused at the door.
    assert world.ends["written"] > count / 20
    assert len(world.ends) >= 4
