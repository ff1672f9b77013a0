"""What rules of what may not be said cost: messages posted with ten rules, beside the same without; and bad patterns.

One process, its own embedded PostgreSQL, one writer who says one thing after the other: turns of messages with the
rules on and off, the ratio of the medians. Then patterns that take Python's `re` for ever, on 40,000 letters.

    python bench/guarding.py [--messages 400] [--rounds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import re
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from dure.channels.api import Channels, Draft
from dure.channels.guarding.api import Guards, Rule
from dure.channels.guarding.folding import Folded
from dure.channels.guarding.matching import Ready
from dure.governance.api import Governance
from dure.kernel.clock import SystemClock
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

SAID = "한빛커피 4분기 브랜딩 제안서를 공유합니다. Please have a look: https://example.com/v3 (12 pages, 8 %)."
RULES = [
    Rule("", "", "", "r1", "refuse", detectors=("resident_number",)),
    Rule("", "", "", "r2", "mask", detectors=("card",)),
    Rule("", "", "", "r3", "refuse", detectors=("iban",)), Rule("", "", "", "r4", "refuse", detectors=("key",)),
    Rule("", "", "", "r5", "warn", detectors=("contacts",), least=5),
    Rule("", "", "", "r6", "keep", words=tuple(f"비밀 낱말 {n}" for n in range(200))),
    Rule("", "", "", "r7", "keep", words=tuple(f"secret word {n}" for n in range(200))),
    Rule("", "", "", "r8", "warn", patterns=(r"\bPRJ-[0-9]{4}\b", r"(?:대외비|confidential)\s*[:：]")),
    Rule("", "", "", "r9", "warn", patterns=(r"[0-9]{3}-[0-9]{2}-[0-9]{5}",)),
    Rule("", "", "", "r10", "refuse", words=("블루버드",), where="shared"),
]  # fmt: skip
BAD = [r"(a+)+$", r"(a|a)*b", r"(x+x+)+y", r"(.*a){20}c"]


async def posting(messages: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        state, clock = State(server.start(), connections=4), SystemClock()
        await state.open()
        await migrate(state)
        governance = Governance(state, clock)
        made = await governance.found("Sori", "sori", "mina@sori.example")
        mina = await governance.principal(made.user_token)
        channels = Channels(state, clock, governance)
        guards = Guards(state, clock, governance, channels)
        room = (await channels.create(mina, "bench")).id
        rules = [await guards.put(mina, rule, whole=True) for rule in RULES]

        async def turn(enabled: bool) -> tuple[float, float]:
            for rule in rules:
                await guards.put(mina, replace(rule, enabled=enabled), whole=True)
            await channels.post(mina, room, Draft(SAID))
            began, worked = time.perf_counter(), time.process_time()
            for n in range(messages):
                await channels.post(mina, room, Draft(f"{SAID} {n}"))
            return tuple(  # type: ignore[return-value]
                spent / messages * 1000 for spent in (time.perf_counter() - began, time.process_time() - worked)
            )

        off, on = [], []
        for _ in range(rounds):
            off.append(await turn(False))
            on.append(await turn(True))
        for name, at in (("time", 0), ("CPU of this process", 1)):
            without, with_rules = (statistics.median(one[at] for one in turns) for turns in (off, on))
            ratio = with_rules / without
            print(f"{name}: without {without:.2f} ms, with ten rules {with_rules:.2f} ms a message: ratio {ratio:.2f}")
        await state.close()
        server.stop()


def patterns() -> None:
    for pattern in BAD:
        ready = Ready(Rule("", "", "", "bad", "warn", patterns=(pattern,))) if _can_be(pattern) else None
        began = time.process_time()
        if ready is not None:
            ready.met([Folded("a" * 40_000 + "!")], date(2026, 11, 26))
        ours = f"{(time.process_time() - began) * 1000:.1f} ms" if ready else "refused: it fits an empty text"
        print(f"{pattern:14} RE2 on 40,000 letters: {ours}; re on 28 letters: {_python(pattern)}")


def _can_be(pattern: str) -> bool:
    return re.search(pattern, "") is None


def _python(pattern: str) -> str:
    """In a process of its own, which is ended after five seconds."""
    began = time.perf_counter()
    other = multiprocessing.Process(target=re.search, args=(pattern, "a" * 27 + "!"))
    other.start()
    other.join(5)
    if other.is_alive():
        other.kill()
        return "more than 5 s"
    return f"{(time.perf_counter() - began) * 1000:.0f} ms"


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=400)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    asyncio.run(posting(given.messages, given.rounds))
    patterns()
