"""kill -9 of senders at every boundary, again and again, against a mail server that misbehaves: nobody gets a message
twice, and what became of each is told.

`DURE_CRASH_ROUNDS` sets how often (10 unless told otherwise); what came of it is printed as a table.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from dure.feed.api import Event, append
from dure.kernel.clock import SystemClock
from dure.kernel.ids import person_id, uuid7
from dure.log.api import Log
from dure.people.model import Known
from dure.state import State
from tests.campaigns.studio import Studio, open_studio
from tests.campaigns.worker import BOUNDARIES

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

KILLS = int(os.environ.get("DURE_CRASH_ROUNDS", "10"))
A_LIFE, PARTS = 12, 4
ROOT = Path(__file__).resolve().parents[2]
MANNERS = ("kind", "kind", "kind", "slow", "silent", "later", "nobody", "busy", "deadly")
"""How the server answers an address: takes it; takes its time; takes it and says nothing; 451; 550; 452; takes it while
the sender is killed."""
DESIGN: dict[str, Any] = {
    "name": {"ko": "인사", "en": "Hello"}, "kind": "journey", "entry": {"trigger": {"event": "Signed Up"}},
    "start": "hello", "holdout": 0.0, "goal": {"event": "Listen Started"},
    "nodes": [{"id": "hello", "kind": "message", "channel": "email",
               "texts": {"ko": {"subject": "안녕하세요", "body": "{{ person.name }}님"}}}],
}  # fmt: skip


@dataclass
class Post:
    """A mail server with manners. `taken` are the addresses of all messages it has."""

    taken: Counter[str] = field(default_factory=Counter)
    port: int = 0
    on_deadly: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answers = {"nobody": "550 5.1.1 nobody here", "later": "451 4.7.1 later", "busy": "452 4.3.1 too many"}
        refused = answers.get(address.partition("-")[0])
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        self.taken[address] += 1
        manner = address.partition("-")[0]
        if manner == "deadly":
            self.on_deadly()
        if manner in ("silent", "deadly"):
            await asyncio.sleep(3)
        elif manner == "slow":
            await asyncio.sleep(0.1)
        return "250 kept"


@asynccontextmanager
async def post_office() -> AsyncIterator[Post]:
    post = Post()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(post, enable_SMTPUTF8=True), "127.0.0.1", 0)
    post.port = server.sockets[0].getsockname()[1]
    yield post
    server.close()


class Mother:
    """Forks senders; each is one of ours, known by its id."""

    def __init__(self, url: str, port: int) -> None:
        self._url, self._port = url, port
        self.senders: list[int] = []

    async def __aenter__(self) -> Mother:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.campaigns.worker", self._url, str(self._port), cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        self.kill()
        self._process.kill()
        await self._process.wait()

    async def fork(self, boundary: str, count: int) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{boundary} {count}\n".encode())
        self.senders.append(int(await self._process.stdout.readline()))

    def kill(self) -> None:
        while self.senders:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.senders.pop(), signal.SIGKILL)

    def alive(self) -> bool:
        for sender in self.senders:
            with contextlib.suppress(ProcessLookupError):
                os.kill(sender, 0)
                return True
        self.senders.clear()
        return False


async def test_senders_that_are_killed_at_every_boundary_write_to_nobody_twice(
    state: State, log: Log, fresh_database: str
) -> None:
    studio = await open_studio(state, log)
    studio.clock.at = SystemClock().now()
    made = await studio.campaigns.create(studio.cast.joon, DESIGN)
    await studio.campaigns.launch(studio.cast.joon, made.id)
    rng, began, deaths = random.Random(11), time.monotonic(), Counter[str]()
    async with post_office() as post, Mother(fresh_database, post.port) as mother:
        post.on_deadly = mother.kill
        for number in range(KILLS):
            boundary = BOUNDARIES[number % len(BOUNDARIES)]
            # Sets come to some boundaries, single messages to others.
            await mother.fork(boundary, rng.randint(1, 2 if boundary in ("looking", "noting", "noted") else 6))
            for part in range(PARTS):
                await sign_up(studio, f"{number}-{part}", rng)
                await taken_up(studio, mother)
            await until(lambda: not mother.alive(), 2)
            if mother.alive():
                mother.kill()
                boundary = "wherever it was"
            deaths[boundary] += 1
        post.on_deadly = lambda: None
        await mother.fork("never", 1)
        await drained(state, KILLS * A_LIFE)
        await told(studio, post, deaths, time.monotonic() - began)


async def told(studio: Studio, post: Post, deaths: Counter[str], seconds: float) -> None:
    async with studio.state.begin_system() as tx:
        rows = await tx.rows("select address, state, reason from campaigns.message")
        ways = await tx.value("select count(*) from campaigns.way where state = 'done'")
        claims = await tx.value("select count(*) from campaigns.claim")
    states: Counter[str] = Counter(row["state"] for row in rows)
    print(  # noqa: T201  (asked for: what came of two hundred kills)
        f"\nkills {sum(deaths.values())} ({', '.join(f'{name} {n}' for name, n in sorted(deaths.items()))}),"
        f" people {ways} of {KILLS * A_LIFE}, sent {states['sent']}, failed {states['failed']},"
        f" unknown {states['unknown']} (of which the server has"
        f" {sum(row['address'] in post.taken for row in rows if row['state'] == 'unknown')}),"
        f" received {sum(post.taken.values())}, twice {sum(n > 1 for n in post.taken.values())}, {seconds:.0f} s"
    )
    assert (len(rows), ways, claims) == (KILLS * A_LIFE, KILLS * A_LIFE, 0)
    assert set(states) <= {"sent", "failed", "unknown"}
    assert max(post.taken.values()) == 1, "nobody got a message twice"
    by_address = {row["address"]: row for row in rows}
    assert {address for address, row in by_address.items() if row["state"] == "sent"} <= set(post.taken)
    assert not {address for address, row in by_address.items() if row["state"] == "failed"} & set(post.taken)
    # Each is told once in the end: what was unknown may be known later, never the other way round.
    sent = Counter(event.properties["message"] for event in await studio.events("Message Sent"))
    failed = Counter(event.properties["message"] for event in await studio.events("Message Failed"))
    assert len(sent) == states["sent"]
    assert max((*sent.values(), 0)) <= 1
    assert set(failed) | set(sent) == {str(one) for one in await ids(studio)}


async def ids(studio: Studio) -> list[Any]:
    async with studio.state.begin_system() as tx:
        return [row["id"] for row in await tx.rows("select id from campaigns.message")]


async def taken_up(studio: Studio, mother: Mother) -> None:
    """Returns when everybody is on their way or the sender is dead."""
    while mother.alive():
        async with studio.state.begin_system() as tx:
            if await tx.value("select not exists(select from feed.batch b, feed.cursor c where c.name = 'campaigns'"
                              " and b.position > c.position and b.lane = 0)"):  # fmt: skip
                return
        await asyncio.sleep(0.01)


async def sign_up(studio: Studio, number: str, rng: random.Random) -> None:
    now, tenant = SystemClock().now(), studio.cast.tenant
    names = [f"s-{number}-{one}" for one in range(A_LIFE // PARTS)]
    people = [
        Known(name, {"name": name, "email": f"{rng.choice(MANNERS)}-{name}@listeners.example"}, now) for name in names
    ]
    await studio.people.bulk_people(tenant, people)
    async with studio.state.begin(tenant) as tx:
        await append(tx, *(
            Event(
                org=tenant.org, workspace=tenant.workspace, event="Signed Up", time=now, received_at=now,
                message_id=str(uuid7()), source="web", person=person_id(tenant.workspace, name), distinct_id=name,
            )
            for name in names
        ))  # fmt: skip


async def until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not holds():  # noqa: ASYNC110  (another process is at work)
        await asyncio.sleep(0.005)


async def drained(state: State, total: int) -> None:
    """Returns when nothing is left to do; a minute without any progress is a message that was lost."""
    before, since = -1, time.monotonic()
    while True:
        async with state.begin_system() as tx:
            left: int = (
                total
                - await tx.value("select count(*) from campaigns.message where state not in ('claimed', 'waiting')")
                + await tx.value("select count(*) from campaigns.claim")
            )
        if not left:
            return
        if left != before:
            before, since = left, time.monotonic()
        assert time.monotonic() - since < 60, f"{left} messages are open"
        await asyncio.sleep(0.1)
