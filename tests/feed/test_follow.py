"""The follower's contract: nothing skipped, nothing twice, whatever writers and crashes do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from dure.feed.api import Batch, Claimed, Event, Follower, Lane, append, drop_passed
from dure.log.api import Log, LogWriter
from dure.state import State, Tx
from tests.conftest import SORI

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def event(number: int) -> Event:
    return Event(
        org=SORI.org, workspace=SORI.workspace, event="Counted", time=NOON, received_at=NOON,
        message_id=f"m-{number}", source="test", properties={"number": number},
    )  # fmt: skip


async def put(state: State, *numbers: int) -> None:
    async with state.begin(SORI) as tx:
        await append(tx, *(event(number) for number in numbers))


class Notebook:
    """Notes every number it is handed."""

    def __init__(self) -> None:
        self.numbers: list[object] = []

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        self.numbers += [event.properties["number"] for batch in batches for event in batch.events()]


async def test_a_follower_reads_on_from_where_it_was(state: State) -> None:
    notebook, follower = Notebook(), Follower(state, "notes")
    await put(state, 1, 2)
    await follower.step(notebook.handle)
    await put(state, 3)
    await follower.step(notebook.handle)
    assert notebook.numbers == [1, 2, 3]
    assert await follower.step(notebook.handle) == 0


async def test_a_transaction_that_began_first_and_commits_last_is_not_skipped(state: State) -> None:
    notebook, follower = Notebook(), Follower(state, "notes")
    async with state.begin(SORI) as early:
        await append(early, event(1))
        await put(state, 2)
        assert await follower.step(notebook.handle) == 0, "what is behind a running transaction waits"
    await follower.step(notebook.handle)
    assert notebook.numbers == [1, 2]


async def test_a_handler_that_fails_moves_nothing(state: State) -> None:
    follower = Follower(state, "notes")
    await put(state, 1)

    async def fail(tx: Tx, batches: Sequence[Batch]) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await follower.step(fail)
    notebook = Notebook()
    await follower.step(notebook.handle)
    assert notebook.numbers == [1]


async def test_forty_writers_and_a_follower_lose_and_double_nothing(state: State) -> None:
    notebook, follower = Notebook(), Follower(state, "notes", limit=7)
    done = asyncio.Event()

    async def follow() -> None:
        while not done.is_set() or await follower.step(notebook.handle):
            await follower.step(notebook.handle)

    following = asyncio.create_task(follow())
    pairs = [(writer * 100 + n, writer * 100 + n + 50) for writer in range(40) for n in range(5)]
    await asyncio.gather(*(put(state, *pair) for pair in pairs))
    done.set()
    await following
    assert len(notebook.numbers) == len(set(notebook.numbers)) == 400


async def test_two_followers_of_one_name_share_the_work(state: State) -> None:
    notebook = Notebook()
    await put(state, 1)
    ones, others = Follower(state, "notes"), Follower(state, "notes")
    await asyncio.gather(ones.step(notebook.handle), others.step(notebook.handle))
    await ones.step(notebook.handle)
    assert notebook.numbers == [1]


async def test_the_log_writer_writes_each_event_once_even_after_a_crash_between_write_and_confirmation(
    state: State, log: Log
) -> None:
    await put(state, 1, 2, 3)
    writer = LogWriter(state, log)

    async def write_then_die(claimed: Claimed, batches: Sequence[Batch]) -> None:
        await writer.write(claimed, batches)
        raise SystemError("killed here")

    with pytest.raises(SystemError):
        await Follower(state, "log").step_outside(write_then_die)
    await put(state, 4)
    while await writer.step():
        pass
    rows = await log.query(SORI, "select properties.number.:Int64 as n from events order by n")
    assert [n for (n,) in rows.rows] == [1, 2, 3, 4]


async def test_slots_are_emptied_once_every_cursor_has_passed(state: State) -> None:
    follower, notebook = Follower(state, "notes"), Notebook()
    await put(state, 1)
    later = datetime.fromtimestamp(datetime.now(UTC).timestamp() + 3 * 3600, UTC)
    assert await drop_passed(state, later) == 0, "nobody has followed yet"
    await follower.step(notebook.handle)
    assert await drop_passed(state, later) == 1
    async with state.begin_system() as tx:
        assert await tx.value("select count(*) from feed.batch") == 0


async def test_outside_lane_is_left_out_where_only_acts_are_followed(state: State) -> None:
    from dure.feed.api import append_lines, encode

    notebook = Notebook()
    async with state.begin(SORI) as tx:
        await append_lines(tx, SORI, 1, encode(event(1)))
        await append(tx, event(2))
    await Follower(state, "notes", lanes=(Lane.DOMAIN,)).step(notebook.handle)
    assert notebook.numbers == [2]


async def test_a_follower_of_one_lane_does_not_keep_the_others_batches_for_ever(state: State) -> None:
    from dure.feed.api import lags

    outside = Follower(state, "outside", lanes=(Lane.OUTSIDE,))
    await put(state, 1)
    await outside.step(Notebook().handle)
    async with state.begin_system() as tx:
        assert [lag.batches for lag in await lags(tx)] == [0]
