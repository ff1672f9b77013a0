"""Acts a second with the audit trail beside the same acts without it, in one organisation and in four.

An act is a row changed and one event told, in a transaction of its own, as slices write them. The peer is the same code
on the same PostgreSQL (with its commits waiting for the disk) with nobody witnessing the end of transactions. Both run
in turn; figures are medians of the rounds, and the ratio is of the medians. One caller, or sixteen
(`many`) at once. Then how many entries a second a walk over the trail verifies.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from dure.feed.api import append
from dure.governance import events
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

ROUNDS, ACTS = 5, 400


async def measure(url: str) -> None:
    state, clock = State(url, connections=20), SystemClock()
    await state.open()
    await migrate(state)
    governance = Governance(state, clock)
    owners = []
    for number in range(4):
        made = await governance.found(f"Org {number}", f"space {number}", f"o{number}@example.com")
        owners.append(await governance.principal(made.user_token))
    witness = state.witness

    async def act(who: Principal) -> None:
        async with state.begin(who.tenant) as tx:
            await tx.run("update governance.account set title = %s where id = %s", (str(time.time()), who.user))
            told = events.governance_event(who, clock, events.PASSWORD_SET, "user", who.user, {})
            await append(tx, told)

    async def rate(orgs: int, at_once: int) -> float:
        waiting = iter(range(ACTS if at_once > 1 else ACTS // 4))
        done = 0

        async def caller() -> None:
            nonlocal done
            for number in waiting:
                await act(users[number % len(users)])
                done += 1

        users = [owners[n % orgs] for n in range(16)] if orgs > 1 else [owners[0]]
        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(at_once)))
        return done / (time.perf_counter() - began)

    for orgs, at_once, name in ((1, 1, "one organisation, one caller"), (1, 16, "one organisation, many"),
                                (4, 16, "four organisations, many")):  # fmt: skip
        without, beside = [], []
        for _ in range(ROUNDS):
            state.witness = None
            without.append(await rate(orgs, at_once))
            state.witness = witness
            beside.append(await rate(orgs, at_once))
        a, b = statistics.median(beside), statistics.median(without)
        print(f"{name}: {a:,.0f} acts/s with the trail, {b:,.0f} without: ratio {a / b:.2f}")
    began = time.perf_counter()
    verdict = await governance.audit.verify(owners[0])
    spent = time.perf_counter() - began
    assert verdict.ok
    print(f"verifying {verdict.entries:,} entries: {verdict.entries / spent:,.0f} entries/s")
    await state.close()


def main() -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        server = EmbeddedPostgres(Path(name) / "pg")
        try:
            asyncio.run(measure(server.start()))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
