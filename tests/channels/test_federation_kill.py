"""kill -9 of either of two real `dure serve` at every boundary of what goes between them.

Both sides write all the time; one of the servers kills itself at a named place, is started again, and everything
that was acknowledged must be on both sides once, in one order, at one timestamp. `DURE_CRASH_ROUNDS` sets how often;
the last lines printed are the table boundary × rounds × lost, doubled, out of order.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from tests.channels.two_servers import Company, Pair, two_companies
from tests.waiting import waited

pytestmark = pytest.mark.crash
ROUNDS = int(os.environ.get("DURE_CRASH_ROUNDS", "2"))
PLACES = ("before send", "after send", "in the middle", "before commit", "after commit")
SAID = 6


def say(company: Company, channel: str, text: str, said: dict[str, str]) -> None:
    """Says something; what is not acknowledged is not counted, and is not said again."""
    try:
        company.slack.chat_postMessage(channel=channel, text=text, client_msg_id=text)
        said[text] = company.org
    except (SlackApiError, OSError):
        return


def count(pair: Pair, acknowledged: dict[str, str]) -> Counter[str]:
    """How many of the acknowledged are missing, there twice, or in another place on the other side."""

    here: list[tuple[str, str]] = []
    there: list[tuple[str, str]] = []

    def both() -> bool:
        # What was not acknowledged may still be on its way: both are looked at until they are the same.
        here[:], there[:] = lines(pair.sori, pair.channel), lines(pair.hanbit, pair.copy)
        return here == there and set(acknowledged) <= {text for _, text in here}

    with contextlib.suppress(AssertionError):
        waited(both, seconds=120)
    found = Counter[str]()
    for one in (here, there):
        texts = Counter(text for _, text in one)
        found["lost"] += sum(text not in texts for text in acknowledged)
        found["doubled"] += sum(times - 1 for times in texts.values())
        found["out of order"] += one != sorted(one)
    found["lost"] += len(set(here) ^ set(there))
    return found


def lines(company: Company, channel: str) -> list[tuple[str, str]]:
    return [(one["ts"], one["text"]) for one in company.history(channel) if "subtype" not in one]


def test_nothing_is_lost_doubled_or_out_of_order_whichever_server_is_killed(run_folder: Path) -> None:
    folder = run_folder / "federation-killed"
    folder.mkdir(mode=0o755)
    table: dict[str, Counter[str]] = {place: Counter() for place in PLACES}
    with two_companies(folder) as pair:
        acknowledged: dict[str, str] = {}
        for number in range(ROUNDS):
            place, victim = PLACES[number % len(PLACES)], (pair.sori, pair.hanbit)[number // len(PLACES) % 2]
            victim.end()
            victim.start(dies=f"{place}:{1 + number % 3}")
            for n in range(SAID):
                company, channel = ((pair.sori, pair.channel), (pair.hanbit, pair.copy))[n % 2]
                say(company, channel, f"{number} {n}", acknowledged)
            died = victim.process is not None and victim.process.poll() is not None
            if not died:
                victim.kill()
            else:
                victim.dead()
            table[place]["rounds"] += 1
            table[place]["killed there"] += died
            victim.start()
            before = {name: table[place][name] for name in ("lost", "doubled", "out of order")}
            for name, times in count(pair, acknowledged).items():
                table[place][name] = before.get(name, 0) + times
            sys.stderr.write(f"{number} {place} {victim.org}: {dict(table[place])}\n")
    for place, row in table.items():
        columns = ("rounds", "killed there", "lost", "doubled", "out of order")
        sys.stderr.write(f"{place:14} " + " ".join(f"{name} {row[name]}" for name in columns) + "\n")
    assert acknowledged
    assert all(row[name] == 0 for row in table.values() for name in ("lost", "doubled", "out of order"))
