# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many AWS CLI commands in one process, by the CLI's own driver: a process for each takes 0.7 s of CPU.

Each line of standard input is a command's arguments as JSON; each line of standard output is [exit code, output, error
text]. Only the CLI may be imported here: it brings a botocore of its own, which must not meet the installed one.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver


def main() -> None:
    """Run commands until standard input ends."""
    driver = create_clidriver()
    for line in sys.stdin:
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            code = driver.main(json.loads(line))
        print(json.dumps([code, output.getvalue(), errors.getvalue()]), flush=True)


if __name__ == "__main__":
    main()
