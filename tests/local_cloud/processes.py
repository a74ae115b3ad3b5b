# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes of the local cloud: listening sockets, start, identity, stop.

A process is remembered by its id and its start time, so that a recycled id is never taken for ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

LOOPBACK = "127.0.0.1"
LOG_TAIL_LINES = 25


class CloudError(Exception):
    """What went wrong, in words for the person at the terminal."""


def listen(port: int) -> socket.socket:
    """Open a listening loopback socket; port 0 takes a free one.

    :raises CloudError: when the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        raise CloudError(
            f"Port {port} on {LOOPBACK} is taken by another program ({error.strerror}): "
            "stop it or set LOCAL_CLOUD_PORT to the first of three free ports."
        ) from error
    return listener


def start_time(pid: int) -> str | None:
    """Return a mark that is unique to this life of a process id, or None when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        if Path("/proc/self/stat").exists():
            return None
        # No /proc (macOS): ps knows the start to the second.
        shown = subprocess.run(
            ["ps", "-o", "lstart=,state=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.strip()
        return None if not shown or shown.endswith("Z") else shown.rsplit(None, 1)[0]
    fields = stat.rpartition(")")[2].split()
    # The process name in the second field can hold spaces and brackets; field 3 is the state, field 22 the start.
    return None if fields[0] in "ZX" else fields[19]


def is_alive(process: dict) -> bool:
    """Tell whether the remembered process (``pid``, ``started``) still runs."""
    return process["started"] is not None and start_time(process["pid"]) == process["started"]


def spawn(
    command: list[str],
    *,
    listener: socket.socket,
    log: Path,
    environment: dict[str, str],
    directory: Path,
    secrets: dict | None = None,
) -> tuple[subprocess.Popen, dict]:
    """Start a server in the background on an open socket, which it finds as ``--fd``.

    :param secrets: handed over as one JSON line on standard input, so that they appear in no file and no argument.
    :returns: the handle, and what identifies the process later: ``pid``, ``started``, ``log``.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        handle = subprocess.Popen(
            [*command, "--fd", str(listener.fileno())],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=directory,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    with contextlib.suppress(BrokenPipeError):
        handle.stdin.write(json.dumps(secrets or {}).encode() + b"\n")
        handle.stdin.close()
    return handle, {"pid": handle.pid, "started": start_time(handle.pid), "log": str(log)}


def stop(process: dict, timeout: float = 5) -> bool:
    """End a remembered process and what it started; leave any other process with the same id alone.

    :param timeout: seconds it gets to end by itself.
    :returns: whether it was running.
    """
    if not is_alive(process):
        return False
    pid = process["pid"]
    _signal(os.kill, pid, signal.SIGTERM)
    _wait(lambda: not is_alive(process), timeout, pid)
    if start_time(pid) in (None, process["started"]):
        # It leads a session of its own: what is left of the group are the workers of Lambda functions.
        _signal(os.killpg, pid, signal.SIGKILL)
        _wait(lambda: not _group_exists(pid), timeout, pid)
    return True


def _wait(done: Callable[[], bool], timeout: float, child: int) -> None:
    deadline = time.monotonic() + timeout
    while not done() and time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
        time.sleep(0.05)


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _signal(send, pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        send(pid, number)


def log_tail(path: Path | str) -> str:
    """Return the last lines of a log, for an error message."""
    try:
        lines = Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return f"(no log at {path})"
    return "\n".join(lines[-LOG_TAIL_LINES:]) or "(the log is empty)"
