# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line of the local cloud."""

from __future__ import annotations

import argparse
import os
import sys

from .demo_call import CALLER
from .demo_call import carry_call_to_summary
from .demo_call import ring
from .demo_call import set_up_desktop
from .launcher import DEFAULT_HOME
from .launcher import FOREIGN_VARIABLES
from .launcher import LocalCloud
from .launcher import export_lines
from .processes import CloudError


def main() -> int:
    """Run one command; the exit status is 0 for success, 1 for an error, 3 for "not running" (``status``)."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.local_cloud", description="AWS, Amazon Connect and SAP on this machine."
    )
    parser.add_argument("--home", default=str(DEFAULT_HOME), help="folder of its state, logs and endpoints.env")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="start in the background; nothing happens when it runs already")
    commands.add_parser("stop", help="stop what start started")
    commands.add_parser("status", help="show the parts and their logs")
    account = commands.add_parser("account", help="print the variables of an administrator of an account")
    account.add_argument("account", help="twelve digits")
    commands.add_parser("call", help="call the deployed site's number and follow the call to its summary in SAP")
    commands.add_parser("desktop", help="set up the SAP page with the deployed connector, and tell how to take a call")
    ringing = commands.add_parser("ring", help="let a customer call the deployed site's number: take the call")
    ringing.add_argument("--caller", default=CALLER, help="the customer's number (default: %(default)s)")
    run = commands.add_parser("run", help="run a command with the variables of endpoints.env")
    run.add_argument("program", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    for name in FOREIGN_VARIABLES:
        os.environ.pop(name, None)
    cloud = LocalCloud(arguments.home, os.environ.get("LOCAL_CLOUD_PORT"))
    try:
        if arguments.command == "status":
            running, text = cloud.status()
            print(text)
            return 0 if running else 3
        if arguments.command == "account":
            print(export_lines(cloud.account(arguments.account)), end="")
        elif arguments.command in ("call", "desktop", "ring"):
            running, text = cloud.status()
            if not running:
                raise CloudError(f"{text}\nRun make local.")
            print(_work_on_site(arguments, cloud))
        elif arguments.command == "run":
            program = arguments.program[1:] if arguments.program[:1] == ["--"] else arguments.program
            if not program:
                parser.error("run needs a command")
            os.execvpe(program[0], program, {**os.environ, **cloud.environment()})
        else:
            print(cloud.start() if arguments.command == "start" else cloud.stop())
    except (CloudError, FileNotFoundError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def _work_on_site(arguments: argparse.Namespace, cloud: LocalCloud) -> str:
    outputs_file = cloud.home / "outputs" / "local.json"
    if arguments.command == "call":
        return carry_call_to_summary(cloud.environment(), outputs_file)
    if arguments.command == "desktop":
        return set_up_desktop(cloud.environment(), outputs_file, cloud.endpoints_file)
    return ring(cloud.environment(), outputs_file, arguments.caller)


if __name__ == "__main__":
    sys.exit(main())
