"""kill -9 of either of two real `dure serve` at every boundary of what goes between them.

Both sides write all the time; one of the servers kills itself at a named place, is started again, and everything
that was acknowledged must be on both sides once, in one order, at one timestamp. `DURE_CRASH_ROUNDS` sets how often;
`DURE_CRASH_SIDE` which is killed;
the last lines printed are the table boundary × side × rounds × killed, lost, doubled, out of order.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from tests.channels.two_servers import Company, Pair, two_companies
from tests.waiting import waited

pytestmark = pytest.mark.crash
SIDE = os.environ.get("DURE_CRASH_SIDE", "")  # home or away, where one of them is to be killed only
ROUNDS = int(os.environ.get("DURE_CRASH_ROUNDS", "2"))
PLACES = ("before send", "after send", "in the middle", "before commit", "after commit")
FAULTS = ("lost", "doubled", "out of order")
WHOLE = 25  # after so many rounds the whole histories are compared; else what was said in the round
MOST = 15  # what one writer says in a round, at most


@dataclass
class Said:
    """What was acknowledged, by its text, and at which timestamp."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    tried: int = 0


def write(company: Company, channel: str, name: str, said: Said, over: threading.Event) -> None:
    """Says one thing after the other until the round is over; what is not acknowledged is not said again."""
    slack = company.slack
    for n in range(MOST):
        if over.is_set():
            return
        text = f"{name} {n}"
        said.tried += 1
        try:
            answer = slack.chat_postMessage(channel=channel, text=text, client_msg_id=text)
        except (SlackApiError, OSError):
            continue
        said.acknowledged[text] = answer["ts"]


def lines(company: Company, channel: str, oldest: str) -> list[tuple[str, str]]:
    return [(one["ts"], one["text"]) for one in company.history(channel, oldest) if "subtype" not in one]


def faults(pair: Pair, acknowledged: dict[str, str], oldest: str) -> tuple[Counter[str], str]:
    """How many of the acknowledged are missing, there twice, or in another place; and the newest that is there."""
    here: list[tuple[str, str]] = []
    there: list[tuple[str, str]] = []

    wanted = {(ts, text) for text, ts in acknowledged.items() if ts > oldest}

    def at_rest() -> bool:
        # What was not acknowledged may still be on its way: both are looked at until they are the same, and in the end
        # until nothing waits.
        try:
            if oldest == "0" and pair.waiting():
                return False
            here[:], there[:] = lines(pair.sori, pair.channel, oldest), lines(pair.hanbit, pair.copy, oldest)
        except (SlackApiError, OSError, httpx.HTTPError):
            return False  # a busy machine may need more than a minute for an answer
        return here == there and wanted <= set(here)

    found = Counter[str]()
    try:
        waited(at_rest, seconds=600)
    except AssertionError:
        found["not at rest"] += 1
    for one in (here, there):
        texts = Counter(text for _, text in one)
        found["lost"] += len(wanted - set(one))
        found["doubled"] += sum(times - 1 for times in texts.values())
        found["out of order"] += one != sorted(one, key=lambda line: line[0])
    if here != there:
        found["lost"] += len(set(here) ^ set(there))
        found["out of order"] += set(here) == set(there)
    return found, here[-1][0] if here else oldest


def round_of(pair: Pair, victim: Company, place: str, times: int, name: str, said: Said) -> bool:
    """Both sides write until one of them is dead, which then starts anew; whether it died where it should."""
    over = threading.Event()
    victim.dies(place, times)
    sides = ((pair.sori, pair.channel), (pair.hanbit, pair.copy))
    with ThreadPoolExecutor(4) as writers:
        writing = [
            writers.submit(write, company, channel, f"{name} {company.org} {n}", said, over)
            for company, channel in sides for n in range(2)
        ]  # fmt: skip
        while victim.alive and not all(one.done() for one in writing):
            time.sleep(0.01)
        died = not victim.alive
        over.set()
        victim.spared()
        victim.kill()
        victim.start()
        for one in writing:
            one.result()
    return died


def test_nothing_is_lost_doubled_or_out_of_order_whichever_server_is_killed(run_folder: Path) -> None:
    folder = run_folder / "federation-killed"
    folder.mkdir(mode=0o755)
    table: dict[tuple[str, str], Counter[str]] = {}
    said, oldest = Said(), "0"
    with two_companies(folder, patience=4) as pair:
        for number in range(ROUNDS):
            began = time.monotonic()
            place, both = PLACES[number % len(PLACES)], (pair.sori, pair.hanbit)
            victim = both[("home", "away").index(SIDE) if SIDE else number // len(PLACES) % 2]
            row = table.setdefault((place, victim.org), Counter())
            died = round_of(pair, victim, place, 1 + number // 10 % 4, str(number), said)
            stood = time.monotonic()
            whole = (number + 1) % WHOLE == 0 or number == ROUNDS - 1
            found, oldest = faults(pair, said.acknowledged, "0" if whole else oldest)
            row.update(found, rounds=1, killed=int(died))
            sys.stderr.write(
                f"{number} {place}, {victim.org}{'' if died else ' (killed from outside)'}: {dict(+found) or 'whole'};"
                f" {len(said.acknowledged)} of {said.tried} acknowledged; {stood - began:.1f} + "
                f"{time.monotonic() - stood:.1f} s\n"
            )
            sys.stderr.flush()
    for (place, org), row in sorted(table.items()):
        columns = ("rounds", "killed", *FAULTS, "not at rest")
        sys.stderr.write(f"{place:14} {org:10} " + " ".join(f"{name} {row[name]}" for name in columns) + "\n")
    assert said.acknowledged
    assert all(row[name] == 0 for row in table.values() for name in (*FAULTS, "not at rest"))
