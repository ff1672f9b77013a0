"""Three real data sets, imported by the command into one real server and asked for by question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.frame.running import Server, dure, found, server
from tests.real_data import real
from tests.waiting import waited

CDNOW = ("cdnow_purchases.txt.gz", "=Purchased", "customer_id", "date", "cdnow")
SHOP = ("onlineshop_clickstream.csv.gz", "event", "client_id", "timestamp", "shop")
# A trial without times: when a player installed is not in the file, so all are given one moment.
CATS = ("cookie_cats.csv.gz", "=Installed", "userid", "=2026-01-01", "cats")
# Cohorts by first month and who of them bought in each month after, counted by two other methods.
COHORTS = {
    "1997-01": [7846, 1157, 964, 810, 679, 736, 720, 582, 559, 594, 673, 634, 528, 511, 664, 472, 497, 498],
    "1997-02": [8476, 1312, 980, 783, 847, 786, 626, 619, 666, 721, 661, 545, 568, 718, 545, 548, 551],
    "1997-03": [7248, 1032, 752, 756, 674, 564, 561, 579, 634, 569, 464, 472, 678, 420, 443, 457],
}


@pytest.fixture(scope="module")
def running(run_folder: Path) -> Iterator[Server]:
    """A server into which all three were imported, one after the other."""
    folder = run_folder / "real"
    paths = [real(name) for name, *_ in (CDNOW, SHOP, CATS)]
    found(folder)
    with server(folder) as one:
        for path, options, count in zip(paths, (CDNOW, SHOP, CATS), (69_659, 32_283, 90_189), strict=True):
            assert run(folder, path, options) == {
                "added": count,
                "known": 0,
                "held": 0,
                "bad_rows": 0,
                "bad": [],
                "stopped": False,
            }
        waited(
            lambda: one_row(one, "select count() from events where source in ('cdnow', 'shop', 'cats')") == [192_131]
        )
        yield one


def test_a_second_run_adds_nothing(running: Server) -> None:
    done = run(running.folder, real(CDNOW[0]), CDNOW)
    assert (done["added"], done["known"]) == (0, 69_659)


def test_purchases_of_cds(running: Server) -> None:
    total = ask(running, kind="trend", series=[
        {"event": "Purchased", "math": "count"}, {"event": "Purchased", "math": "people"},
        {"event": "Purchased", "math": "sum", "prop": "number_of_cds"},
        {"event": "Purchased", "math": "sum", "prop": "dollar_value"},
    ], interval="month", **{"from": "1997-01-01", "to": "1998-06-30"})  # fmt: skip
    events, people, discs, dollars = total["series"]
    assert (sum(events["values"]), sum(discs["values"])) == (69_659, 167_881)
    assert round(sum(dollars["values"]), 2) == 2_500_315.63
    assert people["values"][0] == COHORTS["1997-01"][0]
    assert one_row(running, "select uniqExact(person) from events where source = 'cdnow'") == [23_570]


def test_buyers_who_come_back_month_by_month(running: Server) -> None:
    answer = ask(
        running, kind="retention", start={"event": "Purchased", "first_time": True}, interval="month", intervals=18,
        mode="calendar", measure="on", **{"return": {"event": "Purchased"}, "from": "1997-01-01", "to": "1998-06-30"},
    )  # fmt: skip
    counted = {cohort["start"][:7]: cohort["counts"] for cohort in answer["cohorts"] if cohort["size"]}
    assert counted == COHORTS


def test_an_online_shops_clickstream(running: Server) -> None:
    facts = one_row(
        running, "select count(), uniqExact(person), uniqExact(event), toString(toDate(min(time))),"
        " toString(toDate(max(time))) from events where source = 'shop'",
    )  # fmt: skip
    assert facts == [32_283, 3_751, 12, "2019-11-01", "2020-04-29"]


def test_a_games_trial(running: Server) -> None:
    answer = ask(
        running, kind="trend", series=[{"event": "Installed", "math": "people"}], interval="day",
        breakdown={"prop": "version"}, timezone="UTC", **{"from": "2026-01-01", "to": "2026-01-01"},
    )  # fmt: skip
    assert sum(sum(series["values"]) for series in answer["series"]) == 90_189
    rounds, stayed = one_row(
        running, "select sum(properties.sum_gamerounds.:Int64), countIf(properties.retention_1.:Bool) from events"
        " where source = 'cats'",
    )  # fmt: skip
    assert (rounds, stayed) == plain_sums()


def plain_sums() -> tuple[int, int]:
    """The same two figures by the plainest reading of the file there is."""
    import csv
    import gzip

    with gzip.open(real(CATS[0]), "rt") as file:
        rows = list(csv.DictReader(file))
    return sum(int(row["sum_gamerounds"]) for row in rows), sum(row["retention_1"].lower() == "true" for row in rows)


def run(folder: Path, path: Path, options: tuple[str, str, str, str, str]) -> dict[str, Any]:
    _, event, user, time, source = options
    done = dure("import", "events", str(path), "--event", event, "--user", user, "--time", time, "--source", source,
                "--json", folder=folder)  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def ask(running: Server, **question: Any) -> dict[str, Any]:
    answer = running.client.post("/api/v1/query", json=question)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def one_row(running: Server, sql: str) -> list[Any]:
    rows: list[list[Any]] = ask(running, kind="sql", sql=sql)["rows"]
    return rows[0]
