"""Customers' pages and the check who is needed, at the size of a sales team of three hundred.

- **Pages**: 70 customers with 5 channels each (200 messages a channel), 300 colleagues; the list and one customer's
  page, as the owner of everything and as a member of a tenth of the channels.
- **Needed**: 300 channels with 40 members each, all asked at once in one statement, and one channel as a person asks.

Everything is asked of the slices' API in this process; the database is an embedded PostgreSQL. Times are the median and
the slowest of several rounds; the processor time is this process's alone, without the database's.

    python bench/customers.py [--customers 70] [--messages 200] [--rounds 9]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from dure.channels.api import Channels
from dure.channels.model import ts_at
from dure.channels.needed import store as needed_store
from dure.customers.wire import RoomsForCustomers
from dure.deals import lookups
from dure.deals.api import Deals
from dure.deals.health.api import DealHealth
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import StillClock
from dure.pacing.api import Pacing
from dure.social.api import Social
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
TOPICS = ("general", "pricing", "launch", "support", "billing")
PEOPLE, OUTSIDE, MEMBERS, CHECKED = 300, 140, 40, 300

_FILL = """
insert into channels.message (channel, ts, workspace, thread, account, team, text, mentions)
select c.id, %(now)s - (n * 86400000000::bigint * 60 / %(messages)s) - c.place, %(ours)s, null,
       case when (n + c.place) %% 3 = 0 then (%(theirs_people)s::text[])[1 + (c.place + n) %% cardinality(%(theirs_people)s::text[])]
            else (%(our_people)s::text[])[1 + (c.place * 7 + n %% 9) %% cardinality(%(our_people)s::text[])] end,
       case when (n + c.place) %% 3 = 0 then %(theirs)s else %(ours)s end,
       'Is the launch as we said, number ' || n || '?',
       case when n %% 10 = 0 then array[(%(our_people)s::text[])[1 + (c.place * 7 + n %% 31) %% cardinality(%(our_people)s::text[])]] end
from unnest(%(channels)s::text[]) with ordinality as c (id, place) cross join generate_series(1, %(messages)s) as n
"""  # noqa: E501


async def main(customers: int, messages: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - once, before anything runs
        server = EmbeddedPostgres(Path(folder) / "pg")
        state = State(server.start(), connections=8)
        await state.open()
        try:
            await migrate(state)
            await _measured(state, customers, messages, rounds)
        finally:
            await state.close()
            server.stop()


async def _measured(state: State, customers: int, messages: int, rounds: int) -> None:
    clock = StillClock(NOW - timedelta(days=90))
    governance = Governance(state, clock)
    sori = await governance.found("Sorimaru", "sorimaru", "mina@sorimaru.example", name="Mina")
    rival = await governance.found("Rival", "rival", "rina@rival.example", name="Rina")
    mina, rina = await governance.principal(sori.user_token), await governance.principal(rival.user_token)
    ours = [(await governance.create_user(mina, f"u{n}@sorimaru.example", f"u{n}", function=f)).id
            for n in range(PEOPLE) for f in [("sales", "ad_ops", "marketing")[n % 3]]]  # fmt: skip
    theirs = [(await governance.create_user(rina, f"c{n}@rival.example", f"c{n}")).id for n in range(OUTSIDE)]
    channels, deals = Channels(state, clock, governance), Deals(state, clock, governance)
    health, pacing = DealHealth(state, None, clock, governance), Pacing(state, clock, governance)  # type: ignore[arg-type]
    office = RoomsForCustomers(
        state, clock, governance, channels, deals, health, None, pacing, Social(state, clock),  # type: ignore[arg-type]
        accounts=lookups.accounts, open_deals=lookups.open_deals,
    )  # fmt: skip
    made, accounts = [], []
    for n in range(customers):
        account = await deals.create_account(mina, f"Customer {n}", type="customer", owner=ours[n % PEOPLE])
        accounts.append(account.id)
        for deal in range(2):
            await deals.create(mina, f"Deal {n}.{deal}", account.id, 10_000_000 + n, date(2027, 1, 15), currency="KRW")
        for topic in TOPICS:
            room = await channels.create(mina, f"c{n}-{topic}")
            await channels.relations.rooms.link(mina, room.id, account.id, topic)
            made.append(room.id)
    our, their = mina.tenant, rina.tenant
    async with state.begin(our) as tx:
        await tx.run(
            "insert into channels.share (channel, workspace, org, home, name, private, state, changed_at)"
            " select c, %s, %s, false, 'x' || c, false, 'connected', %s from unnest(%s::text[]) c",
            (their.workspace, their.org, NOW, made),
        )
        await tx.run(
            "insert into channels.membership (channel, account, workspace, joined_at, last_read)"
            " select c.id, p.id, %(ours)s, %(at)s, case when random() < 0.7 then %(now)s else 0 end"
            " from unnest(%(channels)s::text[]) with ordinality as c (id, place)"
            " cross join lateral (select id from unnest(%(people)s::text[]) with ordinality as p (id, n)"
            "   where (p.n + c.place * 7) %% %(all)s < %(members)s) p on conflict do nothing",
            {"ours": our.workspace, "at": NOW - timedelta(days=80), "now": ts_at(NOW), "channels": made,
             "people": ours, "all": PEOPLE, "members": MEMBERS - 3},
        )  # fmt: skip
        await tx.run(
            "insert into channels.membership (channel, account, workspace, joined_at)"
            " select c.id, (%(people)s::text[])[1 + (c.place * 2 + n) %% cardinality(%(people)s::text[])], %(theirs)s,"
            " %(at)s from unnest(%(channels)s::text[]) with ordinality as c (id, place), generate_series(0, 1) n"
            " on conflict do nothing",
            {"theirs": their.workspace, "at": NOW - timedelta(days=80), "channels": made, "people": theirs},
        )
        await tx.run(
            _FILL,
            {"now": ts_at(NOW), "messages": messages, "ours": our.workspace, "theirs": their.workspace,
             "channels": made, "our_people": ours, "theirs_people": theirs},
        )  # fmt: skip
        await tx.run("update channels.conversation c set last_ts = (select coalesce(max(ts), 0) from channels.message m"
                     " where m.channel = c.id), response_minutes = 120")  # fmt: skip
    async with state.begin_system() as tx:
        for table in ("message", "membership", "share", "customer"):
            await tx.run(f"analyze channels.{table}")
        members = await tx.value("select count(*) from channels.membership")
        said = await tx.value("select count(*) from channels.message")
    clock.advance(timedelta(days=90))
    member = Principal(our, ours[5], Role.MEMBER)
    print(f"{customers} customers, {len(made)} channels, {members:,} memberships, {said:,} messages\n")
    page, first = office.customers, accounts[0]
    print("| what | median ms | slowest ms | processor ms here |\n|---|---|---|---|")
    await _time("the list, who owns everything", rounds, lambda: page.listed(mina))
    await _time("the list, a member of some", rounds, lambda: page.listed(member))
    await _time("one customer's page", rounds, lambda: page.one(mina, first))
    await _time("who is needed, one channel", rounds, lambda: channels.relations.needed.check(mina, made[0]))
    some = made[:CHECKED]

    async def all_at_once() -> None:
        async with state.begin(our) as tx:
            await needed_store.doings(tx, some, ts_at(NOW - timedelta(days=45)))

    await _time(f"what members do, {len(some)} channels in one statement", rounds, all_at_once)


async def _time(what: str, rounds: int, ask: Callable[[], Awaitable[Any]]) -> None:
    await ask()
    took, before = [], _processor()
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - began) * 1000)
    used = (_processor() - before) / rounds * 1000
    print(f"| {what} | {statistics.median(took):.0f} | {max(took):.0f} | {used:.0f} |", flush=True)


def _processor() -> float:
    """Processor seconds of this process."""
    return sum(psutil.Process().cpu_times()[:2])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=70)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    asyncio.run(main(given.customers, given.messages, given.rounds))
