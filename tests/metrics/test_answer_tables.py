"""Every kind of answer is printed as tables by `dure query`."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from dure.commands import cli, questions
from dure.commands.answers import tables_of
from tests.docs.test_examples import examples
from tests.metrics.test_api import LISTENS, Room, room  # noqa: F401


@pytest.mark.anyio
async def test_every_example_of_the_page_gives_a_table(room: Room) -> None:  # noqa: F811
    room.journeys.write({
        "p": [("Page Viewed", "2026-11-10 10:00"), ("Signed Up", "2026-11-10 10:05"),
              ("Listen Started", "2026-11-10 10:06")],
    })  # fmt: skip
    await room.client.post("/api/v1/metrics/starters")
    made = await room.client.post(
        "/api/v1/metrics", json={"name_ko": "주", "name_en": "Weekly", "id": "weekly-listeners", "question": LISTENS}
    )
    assert made.status_code in (201, 409), made.text
    for question in examples("how-to/ask-questions.md"):
        if "question" in question:
            continue  # the body of another door
        answer = await room.client.post("/api/v1/query", json=question)
        assert answer.status_code == 200, (question, answer.text)
        shown = list(tables_of(answer.json()))
        assert any(rows for _, _, rows in shown), question
        assert all(len(row) == len(columns) for _, columns, rows in shown for row in rows)


def test_a_lifecycle_has_a_row_an_interval() -> None:
    [(_, columns, rows)] = tables_of({"intervals": ["a", "b"], "new": [1, 2], "dormant": [0, -1]})
    assert columns == ["interval", "new", "dormant"]
    assert rows == [["a", 1, 0], ["b", 2, -1]]


def test_a_trend_has_a_column_a_series_and_the_range_before_a_table_of_its_own() -> None:
    line = {"label": "A", "value": None, "values": [1, 2], "total": 3}
    now, before = tables_of(
        {"intervals": ["a", "b"], "series": [line], "previous": {"intervals": ["x", "y"], "series": [line]}}
    )
    assert now == ("", ["interval", "A (none)"], [["a", 1], ["b", 2], ["total", 3]])
    assert before[0] == "previous"


def test_sessions_have_a_row_an_interval_and_a_table_a_group() -> None:
    body = {"sessions": [1, 2], "median_seconds": [None, 4], "total": {"sessions": 3, "median_seconds": 2}}
    lengths = [{"from": 0, "to": None, "count": 3}]
    whole, durations, group, _ = tables_of(
        {
            "intervals": ["a", "b"],
            **body,
            "durations": lengths,
            "groups": [{"value": "ad", **body, "durations": lengths}],
        }
    )
    rows = [["a", 1, None], ["b", 2, 4], ["total", 3, 2]]
    assert whole == ("", ["interval", "sessions", "median_seconds"], rows)
    assert durations == ("durations", ["from", "to", "count"], [[0, None, 3]])
    assert group == ("ad", ["interval", "sessions", "median_seconds"], rows)


def test_a_moving_mean_stands_beside_its_series() -> None:
    line = {"label": "A", "values": [1, 3], "total": 4, "moving": [None, 2]}
    [(_, columns, rows)] = tables_of({"intervals": ["a", "b"], "series": [line]})
    assert columns == ["interval", "A", "A, moving"]
    assert rows == [["a", 1, None], ["b", 3, 2], ["total", 4, None]]


def test_the_command_prints_rows_and_says_where_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[dict[str, Any]] = [{"columns": ["event", "n"], "rows": [["[bold]Played", 3]]}, {"edges": []}]
    monkeypatch.setattr(questions, "call", lambda *_, **__: answers.pop(0))
    run = CliRunner()
    printed: list[str] = []
    monkeypatch.setattr(questions.out, "print", lambda *what, **_: printed.append(str(what[0])))
    monkeypatch.setattr(questions, "print_rows", lambda columns, rows: printed.append(f"{columns} {rows}"))
    for _ in range(2):
        assert run.invoke(cli, ["query", "-"], input="{}").exit_code == 0
    assert printed == ["['event', 'n'] [['[bold]Played', 3]]", "edges", "no rows"]


def test_numbers_that_stand_alone_are_a_row() -> None:
    answer = {"base": {"started": 8, "reached": 4, "rate": 0.5}, "rows": [{"name": "Listen", "p": 0.1}], "tested": 1}
    assert list(tables_of(answer)) == [
        ("", ["tested"], [[1]]),
        ("base", ["started", "reached", "rate"], [[8, 4, 0.5]]),
        ("rows", ["name", "p"], [["Listen", 0.1]]),
    ]
