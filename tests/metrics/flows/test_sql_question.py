"""Questions in SQL read the workspace's own events and nothing else, whatever is tried."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dure.kernel.errors import DureError, Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from tests.metrics.journeys import Journeys

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def own(flows_log: Log) -> Journeys:
    """Two events of ours, and three of another workspace in the same log, also before and after ours."""
    journeys = Journeys(flows_log, Tenant("E0FLOWS0000", "T0SQL"))
    journeys.write({"mina": [("mine", "2020-01-01", {"amount": 5, "tags": ["a", "b"]}), ("mine", "2020-03-01")]})
    rival = Journeys(journeys.log, Tenant("E0RIVAL0000", "T0SQLRIVAL"))
    rival.write({"spy": [("secret", day, {"amount": 100}) for day in ("2019-01-01", "2020-02-01", "2025-01-01")]})
    rival.merge("spy", into="boss")
    return journeys


ANSWERED = [
    ("select count() from events", [[2]]),
    ("select min(time) > '2019-06-01', max(time) < '2021-01-01', max(toYYYYMM(time)) from events", [[1, 1, 202003]]),
    ("with e as (select event, properties.amount.:Int64 as n from events) select event, sum(n) from e group by event",
     [["mine", 5]]),
    ("select count() from events a join events b on a.person = b.person where a.time < b.time", [[1]]),
    ("select count() from events where event in (select event from events) and event = 'secret'", [[0]]),
    ("select (select groupUniqArray(event) from events) as names", [[["mine"]]]),
    ("select event from events where event = 'secret' union all select uniq(workspace)::String from events", [["1"]]),
    ("select event from events prewhere workspace != {w}", []),
    ("select count() from (select workspace from events order by workspace, person, time) where workspace != {w}",
     [[0]]),
    ("/* all of them */ select event -- by name\nfrom events # and no more\ngroup by event", [["mine"]]),
    ("select event, row_number() over (order by time) as n from events qualify n = 2", [["mine", 2]]),
    ("select tag from events array join properties.tags.:`Array(Nullable(String))` as tag order by tag",
     [["a"], ["b"]]),
    ("select * except (a) replace (b + 1 as b) from (select 1 as a, 2 as b)", [[3]]),
    ("select case when 1 then 'x' else 'y' end, extract(year from toDate('2020-01-01')), 7 % 4, greatest(1, 2)",
     [["x", 2020, 3, 2]]),
    ("select nan, 1 / 0, toDecimal64(1.5, 1), toUUID('00000000-0000-0000-0000-000000000001'), map('a', 1), [1, null]",
     [[None, None, "1.5", "00000000-0000-0000-0000-000000000001", {"a": 1}, [1, None]]]),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "rows"), ANSWERED)
async def test_what_a_select_over_ones_own_events_gives(own: Journeys, statement: str, rows: list[Any]) -> None:
    sql = statement.replace("{w}", f"'{own.tenant.workspace}'")
    answer = await own.ask({"kind": "sql", "sql": sql})
    assert answer["rows"] == rows
    json.dumps(answer, allow_nan=False)


REFUSED = [
    # other tables, as tables and behind IN
    "select event from {db}.events", "select * from system.tables", "select * from person_override",
    "from `person_override` select 1", "select 1 from events, erasing", "select event in person_override from events",
    "select (event, 1) in (erasing) from events", "select notIn(event, `erasing`) from events",
    "select 1 in system.one", "select arrayExists(x -> x in erasing, ['a'])", "with system.one as x select 1 from x",
    "select event from events except select toString(to_person) from person_override",
    "select 1 from events where exists (select 1 from person_override)",
    "select (event as `a\n     Identifier z`) in erasing from events",
    "select `a\n b` in erasing from (select event as `a\n b` from events)",
    # what reads files, addresses and other servers
    "select * from file('/etc/passwd')", "select file('/etc/passwd')", "select `file`('/etc/passwd')",
    "select * apply(file) from (select '/etc/passwd' as x)",
    "select columns('x') apply(x -> file(x)) from (select '/etc/passwd' as x)",
    "select * from url('http://127.0.0.1', 'CSV', 'a String')", "select * from remote('127.0.0.1', 'a', 'b')",
    "select * from deltaLake('http://127.0.0.1/x')", "select * from executable('x', 'CSV', 'a String')",
    "select * from merge('x', '.*')", "select 1 in merge('x', '.*')", "select * from view(select 1)",
    "select * from loop(events)", "select * from mergeTreeIndex('x', 'events')", "select * from numbers(10)",
    "select dictGet('a', 'b', 1)", "select joinGet('a', 'b', 1)", "select aiGenerate('x')", "select hostName()",
    "select sleep(1)", "select addressToLine(1)", "select getSetting('max_threads')", "select currentUser()",
    # settings, formats, other statements
    "select event from events settings additional_table_filters = {}",
    "select * from (select 1 settings max_threads = 1)",
    "select event from events settings max_threads = 1", "select * from events format JSON",
    "select * from events into outfile '/tmp/x'",
    "drop table events", "explain select 1", "select 1; drop table events",
    "select * from (explain select 1)", "select * from (show tables)", "insert into events select * from events",
    "select 1 parallel with drop table events", "set max_threads = 1", "system shutdown", "select {workspace:String}",
    "select 1) ; select * from (select 1", "select 1) union all select name from system.tables --", "", ";",
    "select * from events sample 1 / 2", "select nothing", "selec",
]  # fmt: skip


@pytest.mark.parametrize("statement", REFUSED)
async def test_everything_else_is_refused_and_names_the_field(own: Journeys, statement: str) -> None:
    with pytest.raises(Invalid) as error:
        await own.ask({"kind": "sql", "sql": statement.replace("{db}", own.log.database)})
    assert error.value.field == "sql"


async def test_no_more_rows_than_the_limit(own: Journeys) -> None:
    answer = await own.ask({"kind": "sql", "sql": "select arrayJoin(range(1000000)) as n order by n", "limit": 3})
    assert answer["rows"] == [[0], [1], [2]]
    assert answer["meta"]["warnings"] == ["Only the first 3 rows are shown."]
    assert (await own.ask({"kind": "sql", "sql": "select event from events", "limit": 2}))["meta"]["warnings"] == []


@pytest.mark.parametrize(
    "statement",
    [
        "select range(100000000)",
        "select groupArray(n) from (select arrayJoin(range(10000000)) as n, arrayJoin(range(100)) as m)",
        "with recursive r as (select 1 as n union all select n + 1 from r) select count() from r",
    ],
)
async def test_what_is_too_much_is_stopped(own: Journeys, statement: str) -> None:
    with pytest.raises(DureError):
        await own.ask({"kind": "sql", "sql": statement})
