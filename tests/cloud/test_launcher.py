# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The launcher: start, status, stop, account, run."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import botocore.session
import pytest

from tests.local_cloud import launcher
from tests.local_cloud import processes
from tests.local_cloud.launcher import CHECKOUT
from tests.local_cloud.launcher import LocalCloud
from tests.local_cloud.processes import CloudError

from .conftest import Cloud
from .conftest import archive


def command(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "LOCAL_CLOUD_PORT"}
    return subprocess.run(
        [sys.executable, "-m", "tests.local_cloud", "--home", str(home), *arguments],
        cwd=CHECKOUT,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def pids(home: Path) -> dict[str, int]:
    state = json.loads((home / "cloud.json").read_text())
    return {part: process["pid"] for part, process in state["processes"].items()}


def three_free_ports() -> list[socket.socket]:
    """Open three neighbouring ports, below those that the system gives to connections."""
    for first in random.sample(range(20_000, 32_000, 3), 200):
        held: list[socket.socket] = []
        try:
            for port in range(first, first + 3):
                held.append(processes.listen(port))
        except CloudError:
            for listener in held:
                listener.close()
        else:
            return held
    raise AssertionError("There are no three free ports in a row.")


def test_second_start_changes_nothing(cloud: Cloud) -> None:
    before = pids(cloud.launcher.home)
    done = command(cloud.launcher.home, "start")
    assert done.returncode == 0
    assert "running already" in done.stdout
    assert pids(cloud.launcher.home) == before


def test_status_shows_every_part(cloud: Cloud) -> None:
    done = command(cloud.launcher.home, "status")
    assert done.returncode == 0
    for part in launcher.PARTS:
        assert f"{part}: running" in done.stdout


def test_status_without_a_cloud(tmp_path: Path) -> None:
    done = command(tmp_path, "status")
    assert done.returncode == 3
    assert "not running" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ("sts get-caller-identity --query Arn", "arn:aws:iam::111122223333:user/administrator"),
        ("connect list-instances --query InstanceSummaryList", "[]"),
        ("configure list", "eu-west-2"),
        ("s3api list-buckets --query Buckets[].Name", ""),
    ],
)
def test_aws_cli_works_with_endpoints_env(cloud: Cloud, tmp_path: Path, arguments: str, shown: str) -> None:
    script = f"source {cloud.launcher.endpoints_file} && aws --output text {arguments}"
    if "list-instances" in arguments:
        script = script.replace("--output text", "--output json")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        # Somebody signed in to the real AWS.
        "AWS_SESSION_TOKEN": "real",
        "AWS_PROFILE": "real",
        "AWS_DEFAULT_PROFILE": "real",
        "AWS_URL": "https://real.example",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_ENDPOINT_URL_STS": "https://real.example",
        "AWS_ENDPOINT_URL_S3": "https://real.example",
    }
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout


def test_services_are_spelt_as_the_clients_spell_them() -> None:
    session = botocore.session.Session()
    names = ("acm", "cloudfront", "logs", "events", "iam", "kms", "lambda", "s3")
    names += ("secretsmanager", "sns", "sqs", "ssm", "sts", "wafv2")
    ids = [session.get_service_model(name).service_id for name in names]
    assert [id.replace(" ", "_").upper() for id in ids] == launcher.SERVICES


@pytest.mark.parametrize("arguments", [("account", "444455556666"), ("run", "--", "env")])
def test_profile_of_the_real_aws_is_left_alone(cloud: Cloud, arguments: tuple[str, ...]) -> None:
    real = dict.fromkeys(launcher.FOREIGN_VARIABLES, "real")
    done = command(cloud.launcher.home, *arguments, **real)
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stdout.splitlines() if line.partition("=")[0] in real]
    assert "AWS_SECRET_ACCESS_KEY=" in done.stdout


def test_endpoints_env_names_everything(cloud: Cloud) -> None:
    environment = cloud.environment
    assert environment["AWS_ENDPOINT_URL_CONNECT"] == environment["CONNECT_EMULATOR_URL"] == cloud.aws
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-west-2"
    assert environment["AWS_ACCOUNT_ID"] == "111122223333"
    assert environment["HTTP_PROXY"] == environment["http_proxy"] == environment["EDGE_URL"]
    assert environment["SAP_BASE_URL"].startswith("http://localhost:")
    direct = f"127.0.0.1,{environment['SAP_BASE_URL'].removeprefix('http://')}"
    assert environment["NO_PROXY"] == environment["no_proxy"] == direct
    assert cloud.http.get(
        f"{cloud.sap}/sap/c4c/api/v1/phone-service/phoneCalls",
        auth=(environment["SAP_USERNAME"], environment["SAP_PASSWORD"]),
        timeout=10,
    ).ok


def test_secrets_are_in_one_private_file(cloud: Cloud) -> None:
    home = cloud.launcher.home
    assert stat.S_IMODE(cloud.launcher.endpoints_file.stat().st_mode) == 0o600
    names = ("AWS_SECRET_ACCESS_KEY", "SAP_PASSWORD", "CONNECT_ADMIN_PASSWORD", "CONNECT_AGENT_PASSWORD")
    assert len({cloud.environment[name] for name in names}) == len(names)
    for secret in (cloud.environment[name] for name in names):
        holders = [file for file in home.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
        assert holders == [cloud.launcher.endpoints_file]
        for pid in pids(home).values():
            for source in ("cmdline", "environ"):
                assert secret.encode() not in Path(f"/proc/{pid}/{source}").read_bytes()


def test_processes_see_nothing_of_the_host(cloud: Cloud) -> None:
    names = {
        entry.partition(b"=")[0].decode()
        for entry in Path(f"/proc/{pids(cloud.launcher.home)['ministack']}/environ").read_bytes().split(b"\0")
        if entry
    }
    assert {"AUTH", "GATEWAY_PORT", "HTTP_PROXY", "NO_PROXY"} <= names
    assert not names & {"VIRTUAL_ENV", "PYTHONPATH", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "PYTEST_CURRENT_TEST"}


def test_everything_listens_on_loopback_only(cloud: Cloud) -> None:
    ports = json.loads((cloud.launcher.home / "cloud.json").read_text())["ports"].values()
    listening = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=False).stdout
    if not listening:
        pytest.skip("ss is not installed")
    for port in ports:
        assert [line.split()[3] for line in listening.splitlines() if f":{port} " in line] == [f"127.0.0.1:{port}"]


def test_taken_port_is_named_and_nothing_is_left(home: Path) -> None:
    listeners = three_free_ports()
    first = listeners[0].getsockname()[1]
    for listener in listeners[:2]:
        listener.close()
    # The third of the three ports, so that two are already open.
    with listeners[2]:
        done = command(home, "start", LOCAL_CLOUD_PORT=str(first))
    assert done.returncode == 1
    assert f"Port {first + 2} on 127.0.0.1 is taken" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "cloud.json").exists()
    assert not (home / "endpoints.env").exists()


def test_ports_can_be_chosen(home: Path) -> None:
    listeners = three_free_ports()
    first = listeners[0].getsockname()[1]
    for listener in listeners:
        listener.close()
    done = command(home, "start", LOCAL_CLOUD_PORT=str(first))
    assert done.returncode == 0, done.stderr
    assert json.loads((home / "cloud.json").read_text())["ports"] == {
        "ministack": first,
        "sap_standin": first + 1,
        "edge": first + 2,
    }
    assert command(home, "stop").returncode == 0
    for offset in range(3):
        processes.listen(first + offset).close()


@pytest.mark.parametrize("port", ["http", "-1", "65534"])
def test_wrong_port_is_refused(home: Path, port: str) -> None:
    done = command(home, "start", LOCAL_CLOUD_PORT=port)
    assert done.returncode == 1
    assert f"LOCAL_CLOUD_PORT is '{port}'" in done.stderr


def test_stop_leaves_other_clouds_and_programs_alone(cloud: Cloud, home: Path) -> None:
    other = LocalCloud(home)
    other.start()
    ours = pids(home)
    # A recycled id: the state names a process that started at another time.
    with subprocess.Popen(["sleep", "60"]) as bystander:
        state = json.loads((home / "cloud.json").read_text())
        edge = state["processes"]["edge"]
        state["processes"]["edge"] = {"pid": bystander.pid, "started": edge["started"], "log": edge["log"]}
        (home / "cloud.json").write_text(json.dumps(state))
        assert other.stop() == "Stopped: sap_standin, ministack."
        assert bystander.poll() is None
        assert processes.stop(edge)
        bystander.terminate()
    assert [processes.start_time(pid) for pid in ours.values()] == [None] * 3
    assert not other.endpoints_file.exists()
    assert cloud.launcher.status()[0]


def test_stop_ends_the_functions_too(home: Path) -> None:
    other = LocalCloud(home)
    other.start()
    cloud = Cloud(other)
    cloud.front(role_delay=0)
    role = cloud.lambda_role("222200000003", "role")
    shown = home / "pid"
    source = f"import os, time\ndef handler(event, context):\n    open('{shown}', 'w').write(str(os.getpid()))\n"
    functions = cloud.client("lambda", "222200000003")
    functions.create_function(
        FunctionName="busy",
        Runtime="python3.13",
        Role=role,
        Handler="index.handler",
        Timeout=60,
        Code={"ZipFile": archive(f"{source}    time.sleep(60)\n")},
    )
    functions.invoke(FunctionName="busy", InvocationType="Event")
    deadline = time.monotonic() + 20
    while not (shown.exists() and shown.read_text()) and time.monotonic() < deadline:
        time.sleep(0.1)
    worker = int(shown.read_text())
    assert processes.start_time(worker)
    other.stop()
    assert processes.start_time(worker) is None


def test_stop_without_a_cloud(tmp_path: Path) -> None:
    done = command(tmp_path, "stop")
    assert (done.returncode, done.stdout) == (0, "The local cloud was not running.\n")


def test_dead_part_is_reported_and_start_repairs(home: Path) -> None:
    other = LocalCloud(home)
    other.start()
    before = pids(home)
    os.kill(before["ministack"], signal.SIGKILL)
    os.waitpid(before["ministack"], 0)
    running, text = other.status()
    assert not running
    assert "ministack: died" in text
    assert "edge: running" in text
    assert "is up" in other.start()
    assert other.status()[0]
    assert processes.start_time(before["edge"]) is None


def test_start_repairs_a_start_that_was_killed(home: Path) -> None:
    other = LocalCloud(home)
    other.start()
    # What is there when the launcher is killed after the first process.
    state = json.loads((home / "cloud.json").read_text())
    rest = [state["processes"].pop(part) for part in ("sap_standin", "edge")]
    (home / "cloud.json").write_text(json.dumps(state))
    other.endpoints_file.unlink()
    for process in rest:
        processes.stop(process)
    assert "is up" in other.start()
    assert other.status()[0]
    assert not processes.is_alive(state["processes"]["ministack"])


def test_start_says_when_a_part_hangs(home: Path) -> None:
    other = LocalCloud(home)
    other.start()
    edge = pids(home)["edge"]
    os.kill(edge, signal.SIGSTOP)
    try:
        with pytest.raises(CloudError, match="(?s)runs but does not answer; stop it first.*edge: does not answer"):
            other.start()
    finally:
        os.kill(edge, signal.SIGCONT)
    assert "running already" in other.start()


def test_failed_start_shows_the_log_and_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text(
        f'#!/bin/sh\n[ "$2" = tests.local_cloud.edge ] && {{ echo edge cannot start >&2; exit 7; }}\n'
        f'exec {launcher.CLOUD_PYTHON} "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(launcher, "CLOUD_PYTHON", program)
    started: list[int] = []
    spawn = processes.spawn

    def remember(*arguments, **options):
        handle, process = spawn(*arguments, **options)
        started.append(handle.pid)
        return handle, process

    monkeypatch.setattr(processes, "spawn", remember)
    with pytest.raises(CloudError, match="(?s)edge ended with status 7.*edge cannot start"):
        LocalCloud(home).start()
    assert len(started) == 3
    assert [processes.start_time(pid) for pid in started] == [None] * 3
    assert not (home / "cloud.json").exists()


def test_silent_part_times_out(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho waiting for nothing\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(launcher, "CLOUD_PYTHON", program)
    monkeypatch.setattr(launcher, "START_TIMEOUT", 1)
    with pytest.raises(CloudError, match="(?s)ministack did not become healthy in 1 seconds.*waiting for nothing"):
        LocalCloud(home).start()


def test_account_has_an_administrator_of_its_own(cloud: Cloud) -> None:
    first = command(cloud.launcher.home, "account", "222200000001")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("export ")
    assert command(cloud.launcher.home, "account", "222200000001").stdout == first.stdout
    identity = cloud.client("sts", "222200000001").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::222200000001:user/administrator"
    assert (
        cloud.client("sts", "111122223333", keys=cloud.environment).get_caller_identity()["Account"] == "111122223333"
    )


def test_account_of_endpoints_env_keeps_its_key(cloud: Cloud) -> None:
    assert cloud.launcher.account("111122223333") == cloud.environment


def test_account_is_made_again_after_a_reset_of_its_user(cloud: Cloud) -> None:
    iam = cloud.client("iam", "222200000002")
    key = iam.list_access_keys(UserName="administrator")["AccessKeyMetadata"][0]["AccessKeyId"]
    iam.delete_access_key(UserName="administrator", AccessKeyId=key)
    keys = cloud.launcher.account("222200000002")
    assert cloud.client("sts", "", keys=keys).get_caller_identity()["Account"] == "222200000002"


@pytest.mark.parametrize("account", ["12", "22220000000x"])
def test_wrong_account_is_refused(cloud: Cloud, account: str) -> None:
    done = command(cloud.launcher.home, "account", account)
    assert done.returncode == 1
    assert f"'{account}' is not an account" in done.stderr


def test_run_passes_the_variables_on(cloud: Cloud) -> None:
    done = command(cloud.launcher.home, "run", "--", "printenv", "AWS_ENDPOINT_URL")
    assert done.stdout == f"{cloud.aws}\n"
