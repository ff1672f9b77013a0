"""What the log writer leaves out: messages that came before, whoever brought them and whatever broke off."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.feed.api import Batch, Claimed, Event, append_lines, lines_of, message_key
from dure.log.api import Log, LogWriter
from dure.log.seen import SeenMessages
from dure.state import State
from tests.conftest import SORI

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def put(state: State, *messages: str, time: datetime = NOON) -> None:
    events = [
        Event(org=SORI.org, workspace=SORI.workspace, event="Listened", time=time, received_at=NOON, message_id=one,
              source="web")
        for one in messages
    ]  # fmt: skip
    keys = array("Q", (message_key(SORI.workspace.encode(), one) for one in messages))
    async with state.begin(SORI) as tx:
        await append_lines(tx, SORI, len(events), lines_of(events), keys.tobytes())


async def messages(log: Log) -> list[str]:
    rows = await log.query(SORI, "select message_id from events order by message_id")
    return [one for (one,) in rows.rows]


@pytest.mark.anyio
async def test_a_copy_in_the_same_range_a_later_one_and_after_a_restart_is_left_out(state: State, log: Log) -> None:
    writer = LogWriter(state, log)
    await put(state, "a", "b", "a")
    await put(state, "b", "c")
    await writer.step()
    await put(state, "c", "d")
    await writer.step()
    await put(state, "a", "d", "e")
    await LogWriter(state, log).step()
    assert await messages(log) == ["a", "b", "c", "d", "e"]


@pytest.mark.anyio
async def test_an_insert_that_was_cut_off_in_the_middle_is_completed(state: State, log: Log) -> None:
    """ClickHouse writes a part a month: a crash may leave one month written and the other not."""
    await put(state, "november")
    await put(state, "october", time=NOON - timedelta(days=40))
    writer = LogWriter(state, log)

    async def half(claimed: Claimed, batches: Sequence[Batch]) -> None:
        await log.insert("another name", batches[0].body)
        raise SystemError("killed here")

    with pytest.raises(SystemError):
        await writer._follower.step_outside(half)
    assert await messages(log) == ["november"]
    await LogWriter(state, log).step()
    assert await messages(log) == ["november", "october"]


@pytest.mark.anyio
async def test_what_another_process_wrote_meanwhile_is_known(state: State, log: Log) -> None:
    here, there = LogWriter(state, log), LogWriter(state, log)
    await put(state, "a")
    await here.step()
    await put(state, "b")
    await there.step()
    await put(state, "b", "c")
    await here.step()
    assert await messages(log) == ["a", "b", "c"]


def test_the_databases_key_is_ours(log: Log) -> None:
    for text in ("m-1", "", "메시지", "x" * 255):
        rows = log.query_now(SORI, "select xxh3(concat({workspace:String}, '\\0', {text:String}))", {"text": text})
        assert rows.rows == [(message_key(SORI.workspace.encode(), text),)]


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=12))
def test_seen_messages_are_told_as_a_set_tells_them(batches: list[list[int]]) -> None:
    seen, slow = SeenMessages(), set[int]()
    for day, batch in enumerate(batches):
        keys = np.array(batch, dtype=np.uint64)
        fresh = seen.fresh(keys)
        expected = []
        for key in batch:
            expected.append(key not in slow)
            slow.add(key)
        assert fresh.tolist() == expected
        seen.add(day // 6, keys[fresh])
        assert len(seen) == len(slow)


def test_days_that_are_long_past_are_let_go_and_the_last_two_never() -> None:
    seen = SeenMessages(days=7, most=5)
    for day in range(1, 11):
        seen.add(day, np.array([day * 10, day * 10 + 1, day * 10 + 2], dtype=np.uint64))
    assert seen.fresh(np.array([82, 92, 102], dtype=np.uint64)).tolist() == [True, False, False]
