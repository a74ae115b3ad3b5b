# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The MiniStack process: MiniStack, the front, and Amazon Connect as one of its services.

The launcher starts it with a clean environment; the listening socket comes as ``--fd``.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from . import ministack_names


def main() -> int:
    """Serve until SIGTERM; ``--check`` only tells whether the private names of MiniStack are where they were."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, help="a listening socket")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    problems = ministack_names.missing_names()
    for problem in problems:
        print(f"MiniStack is not as expected: {problem}", file=sys.stderr)
    if problems or arguments.check:
        return 1 if problems else 0
    # Imported late: they touch what the check above has found present.
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    from . import alarms
    from . import asynchronous
    from . import connect_service
    from . import front
    from . import function_faults
    from . import function_settings
    from . import log_patterns
    from . import metrics
    from . import monitoring_checks
    from . import refusals
    from . import schedules

    connect_service.register()
    front.note_authorization()
    for part in (
        # What stands later in this list is asked earlier.
        function_settings,
        refusals,
        monitoring_checks,
        asynchronous,
        function_faults,
        metrics,
        alarms,
        schedules,
        log_patterns,
    ):
        part.install()
    ministack_names.wait_for_late_log_lines()
    config = Config()
    config.bind = [f"fd://{arguments.fd}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    asyncio.run(serve(front.app, config))
    return 0


if __name__ == "__main__":
    sys.exit(main())
