"""The log answers for one workspace, says what it read, and refuses in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.kernel.errors import Invalid, TooLarge, Unavailable
from dure.log.api import Log
from tests.conftest import RIVAL, SORI

pytestmark = pytest.mark.anyio


def lines(count: int, workspace: str = SORI.workspace) -> bytes:
    line = (
        '{"org":"E","workspace":"%s","event":"Counted","time":"2026-11-23T03:00:00Z","received_at":"2026-11-23T03:00:00Z",'
        '"person":"00000000-0000-0000-0000-000000000001","message_id":"m-%d","source":"test","properties":{"n":%d}}'
    )
    return "\n".join(line % (workspace, number, number) for number in range(count)).encode()


async def test_the_workspace_is_always_the_callers(log: Log) -> None:
    await log.insert("a", lines(3))
    await log.insert("b", lines(5, RIVAL.workspace))
    sql = "select count() from events where workspace = {workspace:String}"
    assert (await log.query(SORI, sql, {"workspace": RIVAL.workspace})).rows[0][0] == 3


async def test_the_same_token_writes_once(log: Log) -> None:
    for _ in range(3):
        await log.insert("range-1", lines(4))
    assert (await log.query(SORI, "select count() from events")).rows[0][0] == 4


async def test_an_answer_says_how_many_rows_were_read_and_not_how_long_it_is(log: Log) -> None:
    await log.insert("a", lines(1000))
    answer = await log.query(SORI, "select sum(properties.n.:Int64) from events where event = 'Counted'")
    assert answer.rows[0][0] == 499_500
    assert answer.rows_read == 1000


async def test_a_statement_that_makes_no_sense_is_refused_in_words(log: Log) -> None:
    with pytest.raises(Invalid, match="UNKNOWN_IDENTIFIER"):
        await log.query(SORI, "select nothing_here from events")


async def test_a_question_that_runs_too_long_is_stopped(log: Log) -> None:
    with pytest.raises(Unavailable, match="limit"):
        await log.query(SORI, "select count() from numbers(100000000000) where number % 7 = 3", seconds=0.2)


async def test_what_a_failed_statement_gave_reaches_nobody(run_folder: Path) -> None:
    log = Log(f"chdb://{run_folder}/ch", database="after_a_failure", clients=1)
    log.open()
    too_much = {"max_result_bytes": 100_000, "result_overflow_mode": "throw", "max_block_size": 10}
    with pytest.raises(TooLarge):
        await log.query(SORI, "select repeat('secret', 1000) from numbers(1000)", settings=too_much)
    assert (await log.query(RIVAL, "select 'own' from numbers(3)")).rows == [("own",)] * 3
    log.drop()
    log.close()
