# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let many contacts happen while everything fails now and then, and count what became of their summaries.

    python -m tests.soak.soak --contacts 2000

Ended early, it goes on where it was when it is called again: the cloud keeps running, and its folder holds what has
been placed. The last line tells how many summaries were lost.
"""

from __future__ import annotations

import argparse
import json
import math
import secrets
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.clients import ROOT
from tests.clients import direct_session
from tests.local_cloud.launcher import LocalCloud
from tests.site.site import DEAD_LETTERS
from tests.site.site import FUNCTION
from tests.site.site import MAINTENANCE
from tests.site.tracer import Tracer

from . import log_scan
from .accounting import Account
from .accounting import Placed
from .accounting import settle
from .contacts import Planned
from .contacts import Words
from .contacts import plan
from .contacts import request
from .soak_site import SAP_KINDS
from .soak_site import SoakSite
from .soak_site import utc_now

AT_ONCE = 6
SAP_FAULTS = 0.2
FUNCTION_FAULTS = 0.08
LOST_EVENTS = 0.05
QUARTER = 900
BATCHES, SMALLEST_BATCH = 20, 10
# Simulated hours in which everything has to be through
MAXIMUM_ROUNDS = 48
QUIET_ROUNDS = 2


@dataclass
class Figures:
    """What happened in a run."""

    account: Account
    sap_requests: int
    sap_faults: Counter[str]
    forced: Counter[str]
    attempts: int
    killed: int
    timed_out: int
    dead_letters: int
    lost_events: int
    redriven: int
    found_by_reconciliation: int
    rounds: int
    waiting: int
    alarms: set[str]
    leaks: list[log_scan.Leak]
    scanned: int

    @property
    def sap_share(self) -> float:
        return sum(self.sap_faults.values()) / max(1, self.sap_requests)

    def lines(self) -> list[str]:
        """Return the figures for people; the last line is the one that counts."""
        account = self.account
        by_chance, forced = (
            ", ".join(f"{number} {kind}" for kind, number in sorted(faults.items()))
            for faults in (self.sap_faults, self.forced)
        )
        reasons = [f"  {number:5} {reason}" for reason, number in sorted(account.by_reason.items())]
        return [
            f"requests to SAP: {self.sap_requests}, of which failed: {self.sap_share:.1%} ({by_chance})",
            f"while SAP was away or others wrote all the time: {forced}",
            f"attempts of the function: {self.attempts}; killed: {self.killed}, timed out: {self.timed_out}",
            f"events lost on their way: {self.lost_events}",
            f"dead letters: {self.dead_letters}, sent again from there: {self.redriven}",
            f"found by the reconciliation: {self.found_by_reconciliation}",
            f"quarters of an hour until all was quiet: {self.rounds}; still waiting: {self.waiting}",
            f"alarms raised: {', '.join(sorted(self.alarms)) or 'none'}",
            f"summaries in SAP: {len(account.delivered)}, agents' own texts kept: {account.own_texts_kept}",
            f"without summary, for a reason: {sum(account.by_reason.values())}",
            *reasons,
            f"unaccounted for: {len(account.unaccounted)}",
            *(
                f"  {contact_id}: expected {wanted}, found {found}"
                for contact_id, (wanted, found) in sorted(account.unaccounted.items())
            ),
            f"characters of logs looked through: {self.scanned}, leaks: {len(self.leaks)}",
            *(f"  {leak}" for leak in self.leaks),
            f"{len(account.wiped)} wiped, {len(account.doubled)} doubled, {len(account.misplaced)} misplaced",
            f"{len(account.lost)} lost",
        ]


class Soak:
    """One run on a site. What has been placed is in its folder, line by line."""

    def __init__(self, site: SoakSite, folder: Path, *, contacts: int, seed: int) -> None:
        self.site = site
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._placed_file = folder / "placed.jsonl"
        self._state_file = folder / "run.json"
        state = self._state(contacts, seed)
        self.words = Words(state["marker"])
        few = math.ceil(contacts * LOST_EVENTS)
        forced = {"dropped": few, "outage": max(2, few // 2), "killed": 2, "timed out": 1, "conflict": 1}
        self.planned = plan(state["contacts"], seed=state["seed"], forced=forced)
        self.placed = self._read_placed()
        self._lock = threading.Lock()

    def run(self) -> Figures:
        """Place what has not been placed yet, let time pass until all is quiet, and count."""
        self._begin()
        self._place_forced()
        self._unsettle(len(self.placed))
        self._place_in_batches([planned for planned in self.planned if planned.fault is None])
        rounds = self._let_time_pass()
        self._heal(forced=False)
        return self._count(rounds)

    # Place

    def _begin(self) -> None:
        """Let the reconciliation make its cursor: what happened before that is not its business.

        A run that goes on has faults from before its end; they count, and end here.
        """
        if self.placed:
            self._heal(forced=any(planned.fault and planned.number not in self.placed for planned in self.planned))
        else:
            self.site.fire_schedules()

    def _place_forced(self) -> None:
        """Place the contacts that have to suffer a fault; each fault holds until its contacts are through."""
        for fault in dict.fromkeys(planned.fault for planned in self.planned if planned.fault):
            contacts = [planned for planned in self.planned if planned.fault == fault]
            if all(planned.number in self.placed for planned in contacts):
                continue
            self._force(fault)
            self._place(contacts)
            self.site.wait_until_idle()
            self._heal(forced=True)

    def _force(self, fault: str) -> None:
        if fault == "dropped":
            self.site.lose_events(1)
        elif fault in ("outage", "conflict"):
            self.site.let_sap_fail(1, ("503" if fault == "outage" else "412",))
        else:
            self.site.kill_functions(1, ("kill" if fault == "killed" else "timeout",))

    def _heal(self, *, forced: bool) -> None:
        self.site.lose_events(0)
        self._remember_faults(self.site.heal_sap(), self.site.kill_functions(0), forced=forced)

    def _unsettle(self, seed: int) -> None:
        """From here on everything fails now and then. The seed is another one after each start."""
        self.site.let_sap_fail(SAP_FAULTS, seed=seed)
        self.site.kill_functions(FUNCTION_FAULTS, seed=seed)

    def _place_in_batches(self, contacts: list[Planned]) -> None:
        """Let a quarter of an hour pass after each batch, as contacts go on coming while others wait."""
        size = max(SMALLEST_BATCH, math.ceil(len(contacts) / BATCHES))
        for begin in range(0, len(contacts), size):
            batch = contacts[begin : begin + size]
            if begin and any(planned.number not in self.placed for planned in batch):
                self._pass_a_quarter()
            self._place(batch)

    def _place(self, contacts: list[Planned]) -> None:
        number = self.site.number()
        missing = [planned for planned in contacts if planned.number not in self.placed]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _unused in pool.map(lambda planned: self._place_one(planned, number), missing):
                pass

    def _place_one(self, planned: Planned, number: str) -> None:
        session = direct_session()
        members = request(planned, self.words, number=number, now=utc_now())
        own_text = None
        if planned.kind.name == "transferred":
            first = self.site.place(session, {**members, "summary": None, "summary_failure": "QUOTA_EXCEEDED"})
            members["transferred_from"] = first["contact_id"]
        answer = self.site.place(session, members)
        if planned.kind.name == "with the agent's own text":
            own_text = self.words.own_text(planned.number)
            self.site.write_own_text(session, answer["sap_phone_call_id"], own_text)
        with self._lock:
            self.placed[planned.number] = Placed(planned, answer["contact_id"], own_text)
            with self._placed_file.open("a") as file:
                line = {"number": planned.number, "contact_id": answer["contact_id"], "own_text": own_text}
                file.write(f"{json.dumps(line)}\n")

    # Let time pass

    def _let_time_pass(self) -> int:
        """Fire the schedules quarter by quarter until nothing waits any more; return how many quarters that took."""
        quiet = 0
        for number in range(1, MAXIMUM_ROUNDS + 1):
            self._pass_a_quarter()
            quiet = quiet + 1 if self.site.dead_letters() == 0 else 0
            if quiet >= QUIET_ROUNDS and number > QUIET_ROUNDS:
                return number
        return MAXIMUM_ROUNDS

    def _pass_a_quarter(self) -> None:
        self.site.wait_until_idle()
        self._remember_alarms(self.site.evaluate_alarms())
        self.site.pass_time(QUARTER)
        self.site.wait_until_idle()

    # Count

    def _count(self, rounds: int) -> Figures:
        site = self.site
        placed = [self.placed[planned.number] for planned in self.planned]
        tracer = Tracer(site)
        account = settle(
            placed, site.phone_calls(), self.words, find_cause=lambda contact_id: tracer.trace(contact_id)["cause"]
        )
        delivery, invocations = site.lines_of(FUNCTION), site.invocations()
        maintenance = site.lines_of(MAINTENANCE)
        redrives = [line["counts"] for line in maintenance if line.get("step") == "redrive" and "counts" in line]
        reconciled = {line["contact_id"] for line in delivery if line.get("kind") == "reconcile"}
        sap_requests, sap_faults, forced, function_faults = self._faults()
        leaks, scanned = self._scan()
        return Figures(
            account=account,
            sap_requests=sap_requests,
            sap_faults=sap_faults,
            forced=forced,
            attempts=sum(item["attempts"] for item in invocations),
            killed=function_faults["kill"],
            timed_out=function_faults["timeout"],
            dead_letters=sum(item["outcome"] == "dead_letter" for item in invocations),
            lost_events=sum(planned.fault == "dropped" for planned in self.planned),
            redriven=sum(counts.get("delivered", 0) for counts in redrives),
            found_by_reconciliation=len(reconciled),
            rounds=rounds,
            waiting=site.dead_letters(),
            alarms=set(json.loads(self._state_file.read_text())["alarms"]),
            leaks=leaks,
            scanned=scanned,
        )

    def _scan(self) -> tuple[list[log_scan.Leak], int]:
        """Look through every log of the run for everything that was said, dialled and signed in with."""
        site = self.site
        needles = {**self.words.secrets(), **site.secrets()}
        # The bodies are what SAP was asked to keep, and the header is a time
        journals = site.journals()

        def logs() -> Any:
            yield from log_scan.log_groups(site.client("logs"))
            yield from log_scan.files_of(site.cloud_home)
            for name, entries in journals.items():
                yield from log_scan.journal(name, entries, without=("body",))

        return log_scan.find_leaks(logs(), needles)

    # What survives a restart

    def _state(self, contacts: int, seed: int) -> dict[str, Any]:
        file = self._state_file
        if not file.exists():
            # Letters only, none of which a word of ours or an id has in this order
            marker = "quend" + "".join(secrets.choice("bcdfgklmnprstvz") for _unused in range(10))
            file.write_text(
                json.dumps({"contacts": contacts, "seed": seed, "marker": marker, "faults": [], "alarms": []})
            )
        state = json.loads(file.read_text())
        if (state["contacts"], state["seed"]) != (contacts, seed):
            raise SystemExit(f"{self._folder} holds a run with other contacts; remove it, or choose another folder")
        return state

    def _read_placed(self) -> dict[int, Placed]:
        if not self._placed_file.exists():
            return {}
        by_number = {planned.number: planned for planned in self.planned}
        lines = [json.loads(line) for line in self._placed_file.read_text().splitlines()]
        return {
            line["number"]: Placed(by_number[line["number"]], line["contact_id"], line["own_text"]) for line in lines
        }

    def _remember_faults(self, sap: dict[str, Any], functions: dict[str, int], *, forced: bool) -> None:
        state = json.loads(self._state_file.read_text())
        counts = sap.get("counts", {})
        state["faults"].append(
            {"forced": forced, "requests": sap.get("requests", 0), "sap": counts, "functions": functions}
        )
        self._state_file.write_text(json.dumps(state))

    def _remember_alarms(self, names: set[str]) -> None:
        state = json.loads(self._state_file.read_text())
        state["alarms"] = sorted(names.union(state["alarms"]))
        self._state_file.write_text(json.dumps(state))

    def _faults(self) -> tuple[int, Counter[str], Counter[str], Counter[str]]:
        """Return the requests to SAP and its faults by chance, its forced faults, and those of functions."""
        requests, by_chance, forced, functions = 0, Counter(), Counter(), Counter()
        for part in json.loads(self._state_file.read_text())["faults"]:
            requests += 0 if part["forced"] else part["requests"]
            (forced if part["forced"] else by_chance).update(part["sap"])
            functions.update(part["functions"])
        return requests, by_chance, forced, functions


def check(figures: Figures) -> list[str]:
    """Return what is wrong with a run: something was lost or told, or nothing happened that could have lost it."""
    account = figures.account
    # Chance may leave out some kinds in a short run
    most_missing = 0 if figures.sap_requests > 1000 else 3
    wrong = {
        "summaries were lost": account.lost,
        "texts were wiped": account.wiped,
        "summaries were written twice": account.doubled,
        "summaries are in a wrong record": account.misplaced,
        "contacts without summary are not accounted for": account.unaccounted,
        "logs hold what they must not": figures.leaks,
        "dead letters are left": figures.waiting,
        "SAP failed too rarely": figures.sap_share < SAP_FAULTS / 2,
        "kinds of SAP's faults never came": len(set(SAP_KINDS) - set(figures.sap_faults)) > most_missing,
        "no function was killed": not figures.killed,
        "no function timed out": not figures.timed_out,
        "nobody was told of the dead letters": DEAD_LETTERS not in figures.alarms,
        "no event was lost": not figures.lost_events,
        "nothing was sent again": not figures.redriven,
        "the reconciliation found too little": figures.found_by_reconciliation < figures.lost_events,
        "no summary was delivered": not account.delivered,
    }
    return [text for text, found in wrong.items() if found]


def _set_aside(run: Path) -> None:
    """Keep the folder of a run that cannot go on: its contacts were only in its cloud."""
    if run.exists():
        run.rename(run.with_name(f"run-{int(time.time())}"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "soak")
    parser.add_argument("--keep", action="store_true", help="let the local cloud run on")
    options = parser.parse_args()
    started = time.monotonic()
    cloud = LocalCloud(options.folder / "cloud")
    if not cloud.status()[0]:
        _set_aside(options.folder / "run")
    print(cloud.start(), flush=True)
    site = SoakSite(cloud, options.folder / "site")
    deployed = site.deploy()
    if deployed.status:
        print(deployed.output)
        return 1
    figures = Soak(site, options.folder / "run", contacts=options.contacts, seed=options.seed).run()
    print(f"contacts: {options.contacts}, seconds: {time.monotonic() - started:.0f}")
    problems = check(figures)
    print("\n".join([*(f"wrong: {problem}" for problem in problems), *figures.lines()]), flush=True)
    if not options.keep:
        cloud.stop()
        _set_aside(options.folder / "run")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
