# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge: distributions, instances and SAP by name, and the forward proxy."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.client import HTTPResponse
from typing import Any

import pytest
import requests

from .conftest import FOREIGN_PAGES
from .conftest import Cloud
from .distribution import config
from .distribution import make_origin_access_control

ACCOUNT = "222200000301"
PAGE = b"<!doctype html><title>Connector</title>\r\n\xc3\xbc\n"


def get(
    cloud: Cloud,
    host: str,
    path: str = "/",
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[HTTPResponse, bytes]:
    """Send what a browser sends that resolves ``*.localhost`` by itself."""
    connection = HTTPConnection("127.0.0.1", cloud.edge_port, timeout=20)
    connection.request(method, path, body=body, headers={"Host": f"{host}:{cloud.edge_port}", **(headers or {})})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def raw(cloud: Cloud, request: bytes) -> bytes:
    """Send bytes and return all that comes back."""
    with socket.create_connection(("127.0.0.1", cloud.edge_port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


@pytest.fixture(scope="module")
def distribution(cloud: Cloud) -> dict[str, Any]:
    """A distribution in front of a private bucket, in an account that is not the first one."""
    s3 = cloud.client("s3", ACCOUNT)
    cloudfront = cloud.client("cloudfront", ACCOUNT)
    s3.create_bucket(Bucket="connector", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_object(Bucket="connector", Key="index.html", Body=PAGE, ContentType="text/html; charset=utf-8")
    s3.put_object(Bucket="connector", Key="a b/ü.js", Body=b"1", ContentType="text/javascript")
    oac = make_origin_access_control(cloudfront, "connector")["Id"]
    made = cloudfront.create_distribution(DistributionConfig=config("connector", oac))["Distribution"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::connector/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": made["ARN"]}},
    }
    s3.put_bucket_policy(Bucket="connector", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return made


def label(distribution: dict[str, Any]) -> str:
    return distribution["DomainName"].partition(".")[0]


def test_distribution_of_any_account_opens(cloud: Cloud, distribution: dict[str, Any]) -> None:
    response, content = get(cloud, f"{label(distribution)}.cloudfront.localhost")
    assert response.status == 200
    assert content == PAGE
    assert response.getheader("Content-Type") == "text/html; charset=utf-8"
    assert response.getheader("X-Cache") == "Miss from cloudfront"
    # The spelling of header names survives.
    assert "Content-Type" in [name for name, _unused in response.getheaders()]


def test_path_reaches_the_bucket_as_it_was_encoded(cloud: Cloud, distribution: dict[str, Any]) -> None:
    host = f"{label(distribution)}.cloudfront.localhost"
    assert get(cloud, host, "/a%20b/%C3%BC.js")[1] == b"1"
    assert get(cloud, host, "/missing.js")[0].status == 403


def test_viewer_without_tls_is_redirected(cloud: Cloud, distribution: dict[str, Any]) -> None:
    host = f"{label(distribution)}.cloudfront.localhost"
    response, _unused = get(cloud, host, "/page?x=1", headers={"X-Forwarded-Proto": "http"})
    assert response.status == 301
    assert response.getheader("Location") == f"https://{host}:{cloud.edge_port}/page?x=1"


def test_distribution_without_the_edge_asks_for_tls(cloud: Cloud, distribution: dict[str, Any]) -> None:
    """The front plays TLS for AWS only: for a distribution it is the edge that ends it."""
    response = cloud.http.get(
        cloud.aws, headers={"Host": distribution["DomainName"]}, allow_redirects=False, timeout=10
    )
    assert response.status_code == 301


def test_real_domain_name_works_by_the_proxy(cloud: Cloud, distribution: dict[str, Any]) -> None:
    proxies = {"http": cloud.environment["HTTP_PROXY"]}
    response = cloud.http.get(f"http://{distribution['DomainName']}/", proxies=proxies, timeout=10)
    assert (response.status_code, response.content) == (200, PAGE)


@pytest.mark.parametrize(
    "command",
    [
        "curl --silent --fail {url}",
        "{python} -c 'import urllib.request as u; print(u.urlopen(\"{url}\").read().decode())'",
        "{python} -c 'import requests; print(requests.get(\"{url}\").text)'",
    ],
)
def test_names_work_in_a_shell_with_endpoints_env(cloud: Cloud, distribution: dict[str, Any], command: str) -> None:
    """Debian resolves no *.localhost: the variables send these names through the edge."""
    if command.startswith("curl") and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    for host, expected in (
        (f"{label(distribution)}.cloudfront.localhost", PAGE.decode().strip()),
        ("sap.localhost", "{}"),
    ):
        path = "/" if "cloudfront" in host else "/_standin/health"
        script = command.format(url=f"http://{host}:{cloud.edge_port}{path}", python=sys.executable)
        done = subprocess.run(
            ["bash", "-c", f"source {cloud.launcher.endpoints_file}; {script}"],
            capture_output=True,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            timeout=20,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode().strip() == expected


def test_dropped_connection_is_dropped(cloud: Cloud) -> None:
    url = f"http://sap.localhost:{cloud.edge_port}"
    proxies = {"http": cloud.environment["HTTP_PROXY"]}
    auth = (cloud.environment["SAP_USERNAME"], cloud.environment["SAP_PASSWORD"])
    cloud.http.post(f"{cloud.sap}/_standin/faults", json={"operation": "list", "drop": True}, timeout=10)
    with pytest.raises(requests.ConnectionError):
        cloud.http.get(f"{url}/sap/c4c/api/v1/phone-service/phoneCalls", auth=auth, proxies=proxies, timeout=10)
    assert cloud.http.get(f"{url}/_standin/health", proxies=proxies, timeout=10).ok


def test_disabled_and_unknown_distributions_are_refused(cloud: Cloud) -> None:
    made = cloud.client("cloudfront", ACCOUNT).create_distribution(DistributionConfig=config(Enabled=False))
    response, content = get(cloud, f"{label(made['Distribution'])}.cloudfront.localhost")
    assert (response.status, b"is disabled" in content) == (403, True)
    response, content = get(cloud, "dnothing.cloudfront.localhost")
    assert (response.status, b"No distribution has the domain label dnothing" in content) == (403, True)


def test_instance_pages_open(cloud: Cloud) -> None:
    for host in ("some-alias.my.connect.localhost", "some-alias.my.connect.aws"):
        response, content = get(cloud, host, "/ccp-v2/")
        assert (response.status, content) == (404, b"No instance some-alias\n")
        assert get(cloud, host, "/other")[0].status == 404


def test_sap_opens_by_name(cloud: Cloud) -> None:
    response, content = get(cloud, "sap.localhost", "/sap/c4c/api/v1/phone-service/phoneCalls")
    assert response.status == 401
    assert json.loads(content)["error"]["message"]
    response, _unused = get(cloud, "SAP.localhost", "/_standin/phone-calls")
    assert response.status == 200


def test_body_passes_untouched(cloud: Cloud) -> None:
    summary = "ü" * 400_000
    body = json.dumps({"externalId": "large-body", "transcript": summary}).encode()
    response, content = get(cloud, "sap.localhost", "/_standin/phone-calls", "POST", body)
    assert response.status == 200
    assert json.loads(content)["transcript"] == summary


def test_chunked_body_passes(cloud: Cloud) -> None:
    parts = [b'{"externalId": ', b'"chunked"}']
    connection = HTTPConnection("127.0.0.1", cloud.edge_port, timeout=20)
    connection.request("POST", "/_standin/phone-calls", iter(parts), {"Host": "sap.localhost"}, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["externalId"] == {"displayId": "chunked"}
    # The connection is good for another request.
    connection.request("GET", "/_standin/health", headers={"Host": "sap.localhost"})
    assert connection.getresponse().status == 200
    connection.close()


def test_expect_continue_is_answered(cloud: Cloud) -> None:
    head = b"POST /_standin/phone-calls HTTP/1.1\r\nHost: sap.localhost\r\n"
    head += b"Expect: 100-continue\r\nContent-Length: 20\r\n\r\n"
    with socket.create_connection(("127.0.0.1", cloud.edge_port), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b'{"externalId": "e1"}')
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.fixture
def program() -> Iterator[tuple[int, list[bytes]]]:
    """A program on a loopback port that keeps what it gets and breaks its second answer off."""
    got: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)

    def serve() -> None:
        for answer in (
            b"HTTP/1.1 200 OK\r\nX-mIxEd: Kept\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        ):
            try:
                connection, _unused = server.accept()
            except OSError:
                return
            with connection:
                got.append(connection.recv(65536))
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1], got
    server.close()


def test_proxy_reaches_loopback_and_keeps_headers(cloud: Cloud, program: tuple[int, list[bytes]]) -> None:
    port, got = program
    answer = raw(
        cloud,
        f"GET http://localhost:{port}/a%2Fb?c=%20 HTTP/1.1\r\nHost: wrong.example\r\nX-OdD: Yes\r\n"
        "Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\nConnection: close\r\n\r\n".encode(),
    )
    head, _unused, body = answer.partition(b"\r\n\r\n")
    assert body == b"ok"
    assert b"X-mIxEd: Kept" in head
    assert head.count(b"Set-Cookie: ") == 2
    sent = got[0].decode()
    assert sent.startswith("GET /a%2Fb?c=%20 HTTP/1.1\r\n")
    assert f"Host: localhost:{port}\r\n" in sent
    assert "X-OdD: Yes\r\n" in sent
    assert "Proxy-" not in sent
    # A broken answer stays broken.
    answer = raw(cloud, f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.endswith(b"half")


def test_proxy_says_who_does_not_answer(cloud: Cloud) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    answer = raw(cloud, f"GET http://localhost:{port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert b"localhost does not answer" in answer


@pytest.mark.parametrize(
    "request_line",
    [
        "GET http://example.com/ HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data HTTP/1.1",
        "GET https://sap.localhost/ HTTP/1.1",
        "GET http://localhost.example.com/ HTTP/1.1",
        "CONNECT example.com:443 HTTP/1.1",
        "CONNECT 10.0.0.1:443 HTTP/1.1",
        "GET / HTTP/1.1",
    ],
)
def test_other_hosts_are_refused(cloud: Cloud, request_line: str) -> None:
    answer = raw(cloud, f"{request_line}\r\nHost: example.com\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"The edge " in answer


@pytest.mark.parametrize("headers", FOREIGN_PAGES, ids=str)
def test_web_page_from_elsewhere_reaches_no_program(
    cloud: Cloud, program: tuple[int, list[bytes]], headers: dict[str, str]
) -> None:
    port, got = program
    proxies = {"http": cloud.environment["HTTP_PROXY"]}
    for host in (f"localhost:{port}", f"sap.localhost:{cloud.edge_port}"):
        answer = cloud.http.get(f"http://{host}/_standin/faults", headers=headers, proxies=proxies, timeout=10)
        assert (answer.status_code, "Web pages from elsewhere" in answer.text) == (403, True)
    assert got == []


def test_page_in_a_frame_of_another_page_opens(cloud: Cloud, distribution: dict[str, Any]) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert get(cloud, f"{label(distribution)}.cloudfront.localhost", headers=headers)[1] == PAGE


def test_tunnel_to_loopback_opens(cloud: Cloud, program: tuple[int, list[bytes]]) -> None:
    port, _unused = program
    with socket.create_connection(("127.0.0.1", cloud.edge_port), timeout=10) as connection:
        connection.sendall(f"CONNECT localhost:{port} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\nX-mIxEd: Kept")


def test_malformed_request_ends_the_connection_only(cloud: Cloud) -> None:
    raw(cloud, b"\x16\x03\x01 not http\r\n\r\n")
    assert get(cloud, "sap.localhost", "/_standin/health")[0].status == 200
