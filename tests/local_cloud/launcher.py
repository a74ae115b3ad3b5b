# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start, inspect and stop one local cloud. Its files live in a home folder (default ``.local``)."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import secrets
import shlex
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import botocore.exceptions
from botocore.config import Config

from . import processes
from .certificates import make_certificates
from .processes import LOOPBACK
from .processes import CloudError

CHECKOUT = Path(__file__).resolve().parents[2]
CLOUD_PYTHON = CHECKOUT / ".venv-cloud" / "bin" / "python"
DEFAULT_HOME = CHECKOUT / ".local"
ACCOUNT = "111122223333"
REGION = "eu-west-2"
ADMINISTRATOR = "administrator"
ADMINISTRATOR_POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"
SAP_USERNAME = "AMAZON_CONNECT"
START_TIMEOUT = 30
# In this order the ports follow LOCAL_CLOUD_PORT; started in the same order, stopped in the reverse one.
PARTS = ("ministack", "sap_standin", "edge")
# What sites use besides Connect, as in AWS_ENDPOINT_URL_<service id>, which wins over AWS_ENDPOINT_URL.
SERVICES = """
    ACM CLOUDFRONT CLOUDWATCH_LOGS EVENTBRIDGE IAM KMS LAMBDA S3 SECRETS_MANAGER SNS SQS SSM STS WAFV2
""".split()
# What a shell that is signed in to the real AWS may have set, and would win over the variables of this cloud.
FOREIGN_VARIABLES = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_URL",
    *(f"AWS_ENDPOINT_URL_{service}" for service in SERVICES),
)
HEALTH_PATHS = {"ministack": "/_front/health", "sap_standin": "/_standin/health", "edge": "/_edge/health"}


class LocalCloud:
    """The processes and files of one local cloud. As a context it runs from the beginning to the end.

    :param first_port: what LOCAL_CLOUD_PORT says: the first of three ports in a row; left out, free ones are taken
    """

    def __init__(self, home: Path | str = DEFAULT_HOME, first_port: str | None = None) -> None:
        self._first_port = first_port or "0"
        self.home = Path(home).resolve()
        self.endpoints_file = self.home / "endpoints.env"
        self._state_file = self.home / "cloud.json"

    def __enter__(self) -> LocalCloud:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> str:
        """Start everything and write ``endpoints.env``; do nothing when it all runs already.

        :returns: a sentence for the terminal.
        :raises CloudError: with the tail of the log when a part does not become healthy; nothing is left running then
        """
        with self._locked():
            state = self._read_state()
            if self._is_complete(state):
                healthy, text = self.status()
                if not healthy:
                    raise CloudError(f"The local cloud runs but does not answer; stop it first.\n{text}")
                return f"The local cloud is running already: {self._summary(state)}"
            self._stop_processes(state)
            if not CLOUD_PYTHON.exists():
                raise CloudError(f"{CLOUD_PYTHON} does not exist: run 'make setup' first.")
            state = {"processes": {}, "ports": {}}
            try:
                environment = self._start_processes(state)
            except BaseException:
                self._stop_processes(state)
                self._forget()
                raise
            self._write_private(self.endpoints_file, export_lines(environment))
            return f"The local cloud is up: {self._summary(state)}"

    def stop(self) -> str:
        """Stop the processes that this cloud started, and no other."""
        with self._locked():
            state = self._read_state()
            stopped = self._stop_processes(state)
            self._forget()
        return f"Stopped: {', '.join(stopped)}." if stopped else "The local cloud was not running."

    def status(self) -> tuple[bool, str]:
        """Tell whether all parts run and answer, with one line for each."""
        state = self._read_state()
        if not state:
            return False, "The local cloud is not running."
        running = True
        lines = []
        for part in PARTS:
            process = state["processes"].get(part)
            port = state["ports"].get(part)
            alive = bool(process) and processes.is_alive(process)
            answer = _get(port, HEALTH_PATHS[part]) if alive else None
            healthy = answer is not None and answer[0] == 200
            running = running and healthy
            said = "running" if healthy else "does not answer" if alive else "died"
            lines.append(
                f"{part}: {said}, port {port}, pid {process and process['pid']}, log {process and process['log']}"
            )
        return running, "\n".join(lines)

    def account(self, account: str) -> dict[str, str]:
        """Return the environment of an administrator (an IAM user) of an account, making the user when needed.

        :param account: twelve digits; every such account exists, empty, as soon as it is used.
        """
        if len(account) != 12 or not account.isdigit():
            raise CloudError(f"'{account}' is not an account: twelve digits are needed.")
        environment = self.environment()
        remembered = self.home / "accounts" / f"{account}.json"
        with self._locked():
            if remembered.exists():
                keys = json.loads(remembered.read_text())
            elif account == environment["AWS_ACCOUNT_ID"]:
                # The administrator has one key: another one would end that of endpoints.env.
                keys = {name: environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
            else:
                keys = None
            if keys is None or not _keys_work(environment["AWS_ENDPOINT_URL"], keys):
                keys = make_administrator(environment["AWS_ENDPOINT_URL"], account)
                self._write_private(remembered, json.dumps(keys))
        return {**environment, **keys, "AWS_ACCOUNT_ID": account}

    def environment(self) -> dict[str, str]:
        """Return the variables of ``endpoints.env``.

        :raises CloudError: when this cloud does not run.
        """
        state = self._read_state()
        if not state or not self.endpoints_file.exists():
            raise CloudError("The local cloud is not running: start it first.")
        words = shlex.split(self.endpoints_file.read_text(), comments=True)
        return dict(word.split("=", 1) for word in words if "=" in word)

    def _start_processes(self, state: dict) -> dict[str, str]:
        listeners = _listen_all(self._first_port)
        try:
            ports = {part: listener.getsockname()[1] for part, listener in listeners.items()}
            state["ports"] = ports
            sap_password = secrets.token_urlsafe(24)
            given = {
                "sap_standin": {
                    "username": SAP_USERNAME,
                    "password": sap_password,
                    "tls": make_certificates(SAP_USERNAME),
                }
            }
            for part in PARTS:
                handle, state["processes"][part] = processes.spawn(
                    [str(CLOUD_PYTHON), "-m", f"tests.local_cloud.{_module(part)}"],
                    listener=listeners[part],
                    log=self.home / "logs" / f"{part}.log",
                    environment=self._process_environment(part, ports),
                    directory=CHECKOUT,
                    secrets=given.get(part),
                )
                self._write_private(self._state_file, json.dumps(state))
                listeners[part].close()
                _wait_until_healthy(part, handle, ports[part], state["processes"][part]["log"])
        finally:
            for listener in listeners.values():
                listener.close()
        endpoint = f"http://{LOOPBACK}:{ports['ministack']}"
        return {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ENDPOINT_URL_CONNECT": endpoint,
            "CONNECT_EMULATOR_URL": endpoint,
            **make_administrator(endpoint, ACCOUNT),
            # What a shell that was signed in to the real AWS would add to these keys, or take from the addresses.
            "AWS_SESSION_TOKEN": "",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCOUNT_ID": ACCOUNT,
            "SAP_BASE_URL": f"http://localhost:{ports['sap_standin']}",
            "SAP_USERNAME": SAP_USERNAME,
            "SAP_PASSWORD": sap_password,
            # Of the users that the local inventory makes.
            "CONNECT_ADMIN_PASSWORD": _make_password(),
            "CONNECT_AGENT_PASSWORD": _make_password(),
            "EDGE_URL": f"http://{LOOPBACK}:{ports['edge']}",
            "EDGE_PORT": str(ports["edge"]),
            **_proxy_variables(ports),
        }

    def _process_environment(self, part: str, ports: dict[str, int]) -> dict[str, str]:
        """Return a clean environment: MiniStack hands its own on to the Lambda functions that it runs."""
        endpoint = f"http://{LOOPBACK}:{ports['ministack']}"
        folder = self.home / part
        environment = {
            "PATH": os.defpath,
            "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "tmp").mkdir(parents=True)
        if part == "edge":
            environment["AWS_ENDPOINT_URL"] = endpoint
            environment["SAP_STANDIN_URL"] = f"http://{LOOPBACK}:{ports['sap_standin']}"
        if part == "ministack":
            environment |= {
                "AUTH": "true",
                "GATEWAY_PORT": str(ports["ministack"]),
                "BIND_HOST": LOOPBACK,
                "MINISTACK_HOST": "localhost",
                "MINISTACK_ACCOUNT_ID": ACCOUNT,
                "MINISTACK_REGION": REGION,
                "STATE_DIR": str(folder / "state"),
                "S3_DATA_DIR": str(folder / "s3"),
                "IOT_MTLS_ENABLED": "0",
                "SFTP_ENABLED": "0",
                # MiniStack removes containers that look like its own from a daemon that it finds.
                "DOCKER_HOST": f"unix://{folder}/no-docker.sock",
                "AWS_ENDPOINT_URL": endpoint,
                "SAP_STANDIN_URL": f"http://localhost:{ports['sap_standin']}",
                **_proxy_variables(ports),
            }
        return environment

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one launcher at a time touch this home."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "cloud.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _is_complete(self, state: dict | None) -> bool:
        """Tell whether a start came to its end and all that it started still runs."""
        return (
            state is not None
            and self.endpoints_file.exists()
            and all(processes.is_alive(process) for process in state["processes"].values())
        )

    def _read_state(self) -> dict | None:
        try:
            return json.loads(self._state_file.read_text())
        except (OSError, ValueError):
            return None

    def _stop_processes(self, state: dict | None) -> list[str]:
        running = state["processes"] if state else {}
        return [part for part in reversed(PARTS) if part in running and processes.stop(running[part])]

    def _forget(self) -> None:
        for file in (self._state_file, self.endpoints_file):
            file.unlink(missing_ok=True)
        shutil.rmtree(self.home / "accounts", ignore_errors=True)

    def _summary(self, state: dict) -> str:
        ports = state["ports"]
        return (
            f"AWS and Amazon Connect on http://{LOOPBACK}:{ports['ministack']}, "
            f"SAP on http://localhost:{ports['sap_standin']}, browser edge on http://localhost:{ports['edge']}. "
            f"For any AWS client: source {self.endpoints_file}"
        )

    @staticmethod
    def _write_private(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".new")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        temporary.replace(path)


def make_administrator(endpoint: str, account: str) -> dict[str, str]:
    """Make the IAM user ``administrator`` with AdministratorAccess in an account, with one fresh access key.

    The root key of the account (MiniStack: the account number) makes it; everything after that goes through IAM.
    """
    iam = boto3.client(
        "iam",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=account,
        aws_secret_access_key="root",
        config=Config(proxies={}),
    )
    try:
        with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
            iam.create_user(UserName=ADMINISTRATOR)
        iam.attach_user_policy(UserName=ADMINISTRATOR, PolicyArn=ADMINISTRATOR_POLICY)
        for old in iam.list_access_keys(UserName=ADMINISTRATOR)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=ADMINISTRATOR, AccessKeyId=old["AccessKeyId"])
        key = iam.create_access_key(UserName=ADMINISTRATOR)["AccessKey"]
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        raise CloudError(f"Failed to make the administrator of account {account}: {error}") from error
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def export_lines(environment: dict[str, str]) -> str:
    """Return shell lines that set these variables, and unset those that would win over them."""
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()]
    return "".join([*lines, f"unset {' '.join(FOREIGN_VARIABLES)}\n"])


def _make_password() -> str:
    """Return a password with the capital, the small letter and the digit that Amazon Connect wants."""
    return f"Aa1{secrets.token_urlsafe(12)}"


def _module(part: str) -> str:
    return "ministack_process" if part == "ministack" else part


def _proxy_variables(ports: dict[str, int]) -> dict[str, str]:
    edge = f"http://{LOOPBACK}:{ports['edge']}"
    # With a bare "localhost" most clients would spare the proxy every *.localhost, and Debian resolves none of them.
    direct = f"{LOOPBACK},localhost:{ports['sap_standin']}"
    return {"HTTP_PROXY": edge, "http_proxy": edge, "NO_PROXY": direct, "no_proxy": direct}


def _listen_all(wanted: str) -> dict:
    """Open the three listening sockets, on the wanted port and the two after it, or for 0 on free ports."""
    if not wanted.isdigit() or int(wanted) > 65533:
        raise CloudError(f"LOCAL_CLOUD_PORT is '{wanted}', which is not a port number (at most 65533).")
    listeners = {}
    try:
        for offset, part in enumerate(PARTS):
            listeners[part] = processes.listen(int(wanted) and int(wanted) + offset)
    except CloudError:
        for listener in listeners.values():
            listener.close()
        raise
    return listeners


def _wait_until_healthy(part: str, handle, port: int, log: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if handle.poll() is not None:
            raise CloudError(
                f"{part} ended with status {handle.returncode}. The end of {log}:\n{processes.log_tail(log)}"
            )
        answer = _get(port, HEALTH_PATHS[part])
        if answer and answer[0] == 200:
            return
        time.sleep(0.05)
    raise CloudError(
        f"{part} did not become healthy in {START_TIMEOUT} seconds. The end of {log}:\n{processes.log_tail(log)}"
    )


def _get(port: int, path: str) -> tuple[int, bytes] | None:
    """Return status and body of a GET, or None when nobody answers."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=3)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _keys_work(endpoint: str, keys: dict[str, str]) -> bool:
    sts = boto3.client(
        "sts",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        config=Config(proxies={}),
    )
    try:
        sts.get_caller_identity()
    except botocore.exceptions.ClientError:
        return False
    return True
