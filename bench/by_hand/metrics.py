"""The questions of `bench/metrics.py`, each with SQL by hand that gives the same numbers.

One text serves ClickHouse and DuckDB where it can: `$R` is the range, `$T` the same with one day to spare on neither
side, and DuckDB is given macros for ClickHouse's names. Where ClickHouse has something better (ASOF joins, arrays), it
gets a text of its own, and the best of them is what Dure is measured by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FROM, TO = "2026-10-01", "2026-10-30"
_RANGE = f"time >= '{FROM}' and time < '2026-10-31'"
_BEFORE = "time < '2026-10-31'"
WEEK = 7 * 86_400

MACROS = (
    "create or replace macro toDate(t) as t::date",
    "create or replace macro micros(t) as epoch_us(t)",
    "create or replace macro uniqExact(x) as count(distinct x)",
    "create or replace macro median_of(x) as median(x)",
)


@dataclass(frozen=True)
class Case:
    """A question, its numbers as one flat list, and how its peers say them."""

    name: str
    question: dict[str, Any]
    numbers: Callable[[dict[str, Any]], list[Any]]
    scan: str
    by_hand: dict[str, str]
    duckdb: str = ""
    partial: tuple[str, ...] = field(default=())  # ways that give only the first numbers


def _clickhouse(sql: str) -> str:
    own = "workspace = {workspace:String}"
    for name, range_ in (("$R", _RANGE), ("$B", _BEFORE)):
        sql = sql.replace(name, f"{own} and {range_}")
    return (
        sql.replace("micros(", "toUnixTimestamp64Micro(")
        .replace("median_of(", "quantileExactInclusiveOrNull(0.5)(")
        .replace("$plan", "properties.plan::String")
        .replace("$country", "properties.country::String")
        .replace("$amount", "properties.amount.:Int64")
        .replace("$utm", "ifNull(properties.utm_source.:String, '')")
    )


def _duckdb(sql: str) -> str:
    for name, said in (("$R", _RANGE), ("$B", _BEFORE), ("$plan", "plan"), ("$country", "country"),
                       ("$amount", "amount"), ("$utm", "utm_source")):  # fmt: skip
        sql = sql.replace(name, said)
    return sql


def _scan(columns: str, which: str) -> str:
    return _clickhouse(f"select count(), {columns} from events where {which}")


def _question(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "from": FROM, "to": TO, "timezone": "UTC", **more}


def _flat(rows: Any) -> list[Any]:
    return [value for row in rows for value in row]


# -- funnels -----------------------------------------------------------------------------------------------------------

_ASOF = """
with ab as (
    select a.person as person, micros(a.time) as began, coalesce(micros(b.time), 0) as second,
           b.time as then$keep
    from (select person, time$column from events where $R and event = 'e2') as a
    asof left join (select person, time from events where $R and event = 'e5') as b
    on a.person = b.person and a.time <= b.time
),
abc as (
    select ab.person as person, ab.began as began, ab.second as second, coalesce(micros(c.time), 0) as third$kept
    from ab asof left join (select person, time from events where $R and event = 'e9') as c
    on ab.person = c.person and ab.then <= c.time
),
tries as (
    select person$group, began, second, third,
           case when not (second >= began and second - began <= $window) then 1
                when not (third >= second and third - began <= $window) then 2 else 3 end as reach
    from abc
)"""
_ASOF_COUNTS = (
    _ASOF
    + """,
best as (select person, max((reach, began, second, third)) as b from tries group by person)
select count(*), sum(case when reach >= 2 then 1 else 0 end), sum(case when reach >= 3 then 1 else 0 end),
       avg(case when reach >= 2 then (second - began) / 1e6 end),
       median_of(case when reach >= 2 then (second - began) / 1e6 end),
       avg(case when reach >= 3 then (third - second) / 1e6 end),
       median_of(case when reach >= 3 then (third - second) / 1e6 end)
from (select $open from best)
"""
)


def _asof(sql: str, *, column: str = "", duck: bool = False) -> str:
    name = "plan" if column else ""
    opened = (
        "b.reach as reach, b.began as began, b.second as second, b.third as third"
        if duck
        else "b.1 as reach, b.2 as began, b.3 as second, b.4 as third"
    )
    sql = (
        sql.replace("$column", f", {column} as {name}" if column else "")
        .replace("$keep", f", a.{name} as {name}" if column else "")
        .replace("$kept", f", ab.{name} as {name}" if column else "")
        .replace("$group", f", {name}" if column else "")
        .replace("$open", opened)
        .replace("$window", str(WEEK * 1_000_000))
    )
    if duck:
        sql = sql.replace("max((reach, began, second, third))",
                          "max({reach: reach, began: began, second: second, third: third})")  # fmt: skip
    return sql


_STEPS = [{"event": name} for name in ("e2", "e5", "e9")]
_WINDOW_FUNNEL = f"""
select countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) from (
    select person, windowFunnel({WEEK * 1_000_000})(toUInt64(micros(time)), event = 'e2', event = 'e5', event = 'e9')
        as level
    from events where $R and event in ('e2', 'e5', 'e9') group by person)
"""


def _funnel_numbers(answer: dict[str, Any]) -> list[Any]:
    steps = answer["steps"]
    times = [step[name] for step in steps[1:] for name in ("average_seconds", "median_seconds")]
    return [*(step["count"] for step in steps), *times]


_BY_PLAN = (
    _ASOF
    + """,
best as (select person, plan, max(reach) as r from tries group by person, plan)
select plan, sum(case when r >= 1 then 1 else 0 end), sum(case when r >= 2 then 1 else 0 end),
       sum(case when r >= 3 then 1 else 0 end) from best group by plan order by plan
"""
)
_STRICT = f"""
with one as (
    select person, time, event, lag(event) over w as before, lag(time) over w as before_at
    from events where $R window w as (partition by person order by time)
),
runs as (
    select person, time, event, before, before_at, lag(before) over w as second_before, lag(before_at) over w as began
    from one where before is null or before = '' or event != before window w as (partition by person order by time)
)
select (select count(distinct person) from events where $R and event = 'e1'),
       count(distinct case when event = 'e2' and before = 'e1' and micros(time) - micros(before_at) <= {WEEK}000000
             then person end),
       count(distinct case when event = 'e5' and before = 'e2' and second_before = 'e1'
             and micros(time) - micros(began) <= {WEEK}000000 then person end)
from runs
"""
_EXCLUSION = f"""
with ab as (
    select a.person as person, a.time as began, micros(a.time) as opened, coalesce(micros(b.time), 0) as second
    from (select person, time from events where $R and event = 'e2') as a
    asof left join (select person, time from events where $R and event = 'e5') as b
    on a.person = b.person and a.time <= b.time
),
abx as (
    select ab.person as person, opened, second, coalesce(micros(x.time), 0) as out_at
    from ab asof left join (select person, time from events where $R and event = 'e20') as x
    on ab.person = x.person and ab.began < x.time
),
tries as (
    select person,
           case when second >= opened and second - opened <= {WEEK}000000 and not (out_at > opened and out_at < second)
                then 2 else 1 end as reach,
           case when second >= opened and second - opened <= {WEEK}000000 then out_at > opened and out_at < second
                else out_at > opened and out_at - opened <= {WEEK}000000 end as removed
    from abx
),
best as (select person, max(reach) as r, max(case when removed then 0 else reach end) as c from tries group by person)
select sum(case when c >= r then 1 else 0 end), sum(case when c >= r and c >= 2 then 1 else 0 end) from best
"""

# -- retention -------------------------------------------------------------------------------------------------------

_DAY = f"dateDiff('day', toDate('{FROM}'), toDate(time))"
_RETENTION_JOIN = f"""
with s as (select distinct person, {_DAY} as d from events where $R and event = 'e3'),
     r as (select distinct person, {_DAY} as d from events where $R and event = 'e1')
select d, 0 as n, count(*) as c from s group by d
union all
select s.d as d, r.d - s.d as n, count(*) as c from s join r on s.person = r.person where r.d > s.d group by s.d, r.d
"""
_RETENTION_ARRAYS = f"""
select d, n, count() as c from (
    select arrayJoin(starts) as d, arrayJoin(arrayConcat([0], arrayMap(R -> R - d, arrayFilter(R -> R > d, back)))) as n
    from (select groupUniqArrayIf({_DAY}, event = 'e3') as starts, groupUniqArrayIf({_DAY}, event = 'e1') as back
          from events where $R and event in ('e1', 'e3') group by person having notEmpty(starts))
) group by d, n
"""
_ROLLING_ARRAYS = f"""
select d, n, count() as c from (
    select born.1 as d, arrayJoin(arrayPushFront(arrayFilter(N -> N > 0 and N < 30 - d, arrayDistinct(
        arrayMap(R -> intDiv(R - born.2, 86400000000), arrayFilter(R -> R >= born.2, back)))), 0)) as n
    from (select arrayJoin(arrayFilter((S, I) -> I = 1 or S.1 != starts[I - 1].1, starts, arrayEnumerate(starts)))
                     as born, back
          from (select arraySort(groupArrayIf(({_DAY}, micros(time)), event = 'e3')) as starts,
                       groupArrayIf(micros(time), event = 'e1') as back
                from events where $R and event in ('e1', 'e3') group by person having notEmpty(starts)))
) group by d, n
"""
_ROLLING_JOIN = f"""
with s as (select person, {_DAY} as d, min(micros(time)) as born from events where $R and event = 'e3'
           group by person, d),
     r as (select person, micros(time) as t from events where $R and event = 'e1'),
     cells as (select distinct s.person as person, s.d as d, (r.t - s.born) // 86400000000 as n
               from s join r on s.person = r.person where r.t >= s.born)
select d, 0 as n, count(*) as c from s group by d
union all select d, n, count(*) as c from cells where n > 0 and n < 30 - d group by d, n
"""


def _ordered(sql: str) -> str:
    return f"select d, n, c from ({sql}) order by d, n"


def _triangle(answer: dict[str, Any]) -> list[Any]:
    cells = [
        (cohort, column, count)
        for cohort, one in enumerate(answer["cohorts"])
        for column, count in enumerate(one["counts"])
        if count
    ]
    return _flat(cells)


# -- over time -------------------------------------------------------------------------------------------------------

_TREND_PEOPLE = (
    "select uniqExact(person) from events where $R and event = 'e1' group by toDate(time) order by toDate(time)"
)
_TREND_SUM = "select sum($amount) from events where $R and event = 'e7' group by toDate(time) order by toDate(time)"
_BY_COUNTRY = """
select value, count(*) from (select $country as value, toDate(time) as d from events where $R)
group by value, d order by value, d
"""
_LIFECYCLE = f"""
with days as (select distinct person, {_DAY} as d from events where $B and event = 'e1'),
     near as (select person, d, lag(d) over w as before, lead(d) over w as after,
                     min(d) over (partition by person) as born
              from days window w as (partition by person order by d)),
     states as (
        select d, case when d = born then 1 when before = d - 1 and d > born then 2 else 3 end as k
        from near where d >= 0
        union all select d + 1 as d, 4 as k from near where d >= -1 and d < 29 and (after is null or after != d + 1))
select d, k, count(*) as c from states group by d, k order by d, k
"""
_LIFECYCLE_ARRAYS = f"""
select s.1 as d, s.2 as k, count() as c from (
    select arrayJoin(arrayFilter(S -> S.1 >= 0 and S.1 < 30, arrayConcat(
        arrayMap((D, I) -> (D, multiIf(D = born, 1, I > 1 and days[I - 1] = D - 1, 2, 3)), days, arrayEnumerate(days)),
        arrayMap(D -> (D + 1, 4), arrayFilter(D -> not has(days, D + 1), days))))) as s
    from (select min({_DAY}) as born, arraySort(groupUniqArrayIf({_DAY}, time >= '2026-09-30')) as days
          from events where $B and event = 'e1' group by person having notEmpty(days))
) group by s order by d, k
"""
_STICKY = """
select n, count(*) from (select count(distinct toDate(time)) as n from events where $R and event = 'e1' group by person)
group by n order by n
"""


def _lifecycle_numbers(answer: dict[str, Any]) -> list[Any]:
    names = ("new", "returning", "resurrecting", "dormant")
    return _flat(
        (day, kind, abs(answer[name][day]))
        for day in range(len(answer["intervals"]))
        for kind, name in enumerate(names, start=1)
        if answer[name][day]
    )


# -- paths, attribution ------------------------------------------------------------------------------------------------

_PATH_EVENTS = ("e3", "e4", "e5", "e6", "e7")
_PATHS = f"""
with one as (
    select person, time, event, lag(event) over w as before, micros(time) - micros(lag(time) over w) as pause,
           row_number() over w as place
    from events where $R and event in {_PATH_EVENTS} window w as (partition by person order by time)
),
cut as (
    select person, time, event, before, place,
           sum(case when place = 1 or pause > 172800000000 then 1 else 0 end)
               over (partition by person order by time rows unbounded preceding) as walk,
           case when place = 1 or pause > 172800000000 or event != before then 1 else 0 end as moved
    from one
),
stays as (
    select person, walk, time, event, row_number() over (partition by person, walk order by time) as i
    from cut where moved = 1
),
edges as (
    select concat(cast(i as $text), '_', event) as source, i,
           lead(event) over (partition by person, walk order by time) as following
    from stays where i <= 5
)
select source, concat(cast(i + 1 as $text), '_', following) as target, count(*) as c from edges
where following is not null and following != '' group by source, target order by c desc, source, target limit 50
"""
_LAST_TOUCH = """
select value, count(*) * 1.0 as credit, count(*) as conversions from (
    select case when t.time is null or micros(t.time) = 0 or micros(c.time) - micros(t.time) > 2592000000000
                then '(direct)' when t.utm = '' then '(direct)' else t.utm end as value
    from (select person, time from events where $R and event = 'e7') as c
    asof left join (select person, time, $utm as utm from events where $L and event = 'e4') as t
    on c.person = t.person and c.time >= t.time)
group by value order by credit desc, value
"""
_LINEAR_ARRAYS = """
select value, sum(share) as credit, count() as conversions from (
    select s.1 as value, s.2 as share from (
        select arrayJoin(arrayMap(N -> (N, countEqual(names, N) / length(names)), arrayDistinct(names))) as s
        from (
            select if(empty(within), ['(direct)'], arrayMap(W -> if(W.2 = '', '(direct)', W.2), within)) as names
            from (
                select arrayFilter(W -> W.1 <= c and c - W.1 <= 2592000000000, touched) as within
                from (
                    select arrayJoin(groupArrayIf(micros(time), event = 'e7' and time >= '2026-10-01')) as c,
                           groupArrayIf((micros(time), $utm), event = 'e4') as touched
                    from events where $L and event in ('e4', 'e7') group by person)))))
group by value order by credit desc, value
"""
_LINEAR_JOIN = """
with c as (select person, time, message from (select person, time, row_number() over () as message from events
           where $R and event = 'e7')),
     t as (select person, time, case when utm_source = '' then '(direct)' else utm_source end as value
           from events where $L and event = 'e4'),
     pairs as (select c.message as message, t.value as value from c join t on c.person = t.person and t.time <= c.time
               and micros(c.time) - micros(t.time) <= 2592000000000),
     weighed as (select message, value, 1.0 / count(*) over (partition by message) as share from pairs),
     parts as (select message, value, sum(share) as share from weighed group by message, value
               union all select message, '(direct)', 1.0 from c where message not in (select message from pairs))
select value, sum(share) as credit, count(*) as conversions from parts group by value order by credit desc, value
"""
_SESSIONS = f"""
with one as (
    select person, time, micros(time) - micros(lag(time) over w) as pause, row_number() over w as place
    from events where $S and event = 'e1' window w as (partition by person order by time)
),
numbered as (
    select person, time, sum(case when place = 1 or pause > 1800000000 then 1 else 0 end)
        over (partition by person order by time rows unbounded preceding) as session
    from one
),
sessions as (
    select person, min(time) as time, count(*) as depth from numbered group by person, session
)
select count(*) as sessions, count(distinct person) as people, avg(depth) as depth
from sessions where time >= '{FROM}' group by {_DAY} order by {_DAY}
"""
_HALF_AN_HOUR_BEFORE = "time >= '2026-09-30 23:30:00' and time < '2026-10-31'"
_WEEK_OF = "dateDiff('day', toDate('2026-09-28'), toDate($t))"
_LIFETIME = f"""
with first as (select person, min(time) as born from events where $B and event = 'e7' group by person),
     paid as (select e.person as person, e.time as time, e.amount as amount, f.born as born
              from (select person, time, $amount as amount from events where $R and event = 'e7') as e
              join first as f on e.person = f.person where f.born >= '{FROM}')
select {_WEEK_OF.replace("$t", "born")} $div 7 as cohort,
       {_WEEK_OF.replace("$t", "time")} $div 7 - {_WEEK_OF.replace("$t", "born")} $div 7 as col,
       sum(amount) as money
from paid group by cohort, col order by cohort, col
"""
_LOOKBACK = "time >= '2026-09-01' and time < '2026-10-31'"


def _touched(sql: str, engine: Callable[[str], str]) -> str:
    own = "workspace = {workspace:String} and " if engine is _clickhouse else ""
    return engine(sql.replace("$L", own + _LOOKBACK))


def _lifetime(engine: Callable[[str], str]) -> str:
    return engine(_LIFETIME.replace("$div", "div" if engine is _clickhouse else "//"))


def _sessions(engine: Callable[[str], str]) -> str:
    own = "workspace = {workspace:String} and " if engine is _clickhouse else ""
    return engine(_SESSIONS.replace("$S", own + _HALF_AN_HOUR_BEFORE))


def _revenue(answer: dict[str, Any]) -> list[Any]:
    """Of each cohort and interval since: what its members paid in it."""
    found = []
    for cohort, one in enumerate(answer["cohorts"]):
        before = 0.0
        for column, value in enumerate(one["value"]):
            money = round((value - before) * one["size"])
            before = value
            if money:
                found += [cohort, column, money]
    return found


def _paths(engine: Callable[[str], str]) -> str:
    return engine(_PATHS.replace("$text", "String" if engine is _clickhouse else "varchar"))


CASES = [
    Case(
        "funnel", _question("funnel", steps=_STEPS, window="7d"), _funnel_numbers,
        _scan("sum(cityHash64(person)), max(time), max(event)", "$R and event in ('e2', 'e5', 'e9')"),
        {"windowFunnel, no times": _clickhouse(_WINDOW_FUNNEL), "by hand": _clickhouse(_asof(_ASOF_COUNTS))},
        _duckdb(_asof(_ASOF_COUNTS, duck=True)), partial=("windowFunnel, no times",),
    ),
    Case(
        "funnel, strict", _question("funnel", steps=[{"event": e} for e in ("e1", "e2", "e5")], order="strict"),
        lambda answer: [step["count"] for step in answer["steps"]],
        _scan("sum(cityHash64(person)), max(time), max(event)", "$R"),
        {"by hand": _clickhouse(_STRICT)}, _duckdb(_STRICT),
    ),
    Case(
        "funnel, exclusion", _question("funnel", steps=_STEPS[:2], exclude=[{"event": "e20"}]),
        lambda answer: [step["count"] for step in answer["steps"]],
        _scan("sum(cityHash64(person)), max(time), max(event)", "$R and event in ('e2', 'e5', 'e20')"),
        {"by hand": _clickhouse(_EXCLUSION)}, _duckdb(_EXCLUSION),
    ),
    Case(
        "funnel, by plan", _question("funnel", steps=_STEPS, breakdown={"prop": "plan"}),
        lambda answer: _flat(
            (group["value"], *(step["count"] for step in group["steps"]))
            for group in sorted(answer["groups"], key=lambda group: group["value"])
        ),
        _scan("sum(cityHash64(person)), max(time), max(event), max($plan)", "$R and event in ('e2', 'e5', 'e9')"),
        {"by hand": _clickhouse(_asof(_BY_PLAN, column="$plan"))}, _duckdb(_asof(_BY_PLAN, column="plan", duck=True)),
    ),
    Case(
        "retention",
        _question("retention", start={"event": "e3"}, **{"return": {"event": "e1"}}, intervals=30),
        _triangle, _scan("sum(cityHash64(person)), max(time), max(event)", "$R and event in ('e1', 'e3')"),
        {"by hand": _clickhouse(_ordered(_RETENTION_ARRAYS)), "by hand, join": _clickhouse(_ordered(_RETENTION_JOIN))},
        _duckdb(_ordered(_RETENTION_JOIN)),
    ),
    Case(
        "retention, rolling",
        _question("retention", start={"event": "e3"}, **{"return": {"event": "e1"}}, intervals=30, mode="rolling"),
        _triangle, _scan("sum(cityHash64(person)), max(time), max(event)", "$R and event in ('e1', 'e3')"),
        {"by hand": _clickhouse(_ordered(_ROLLING_ARRAYS))}, _duckdb(_ordered(_ROLLING_JOIN)),
    ),
    Case(
        "trend, people", _question("trend", series=[{"event": "e1", "math": "people"}]),
        lambda answer: answer["series"][0]["values"],
        _scan("sum(cityHash64(person)), max(time)", "$R and event = 'e1'"),
        {"by hand, no total": _clickhouse(_TREND_PEOPLE)}, _duckdb(_TREND_PEOPLE),
    ),
    Case(
        "trend, sum", _question("trend", series=[{"event": "e7", "math": "sum", "prop": "amount"}]),
        lambda answer: answer["series"][0]["values"],
        _scan("max(time), sum($amount)", "$R and event = 'e7'"),
        {"by hand, no total": _clickhouse(_TREND_SUM)}, _duckdb(_TREND_SUM),
    ),
    Case(
        "trend, all by country", _question("trend", series=[{"event": "*"}], breakdown={"prop": "country"}),
        lambda answer: _flat(
            (line["value"], count)
            for line in sorted(answer["series"], key=lambda line: line["value"])
            for count in line["values"]
        ),
        _scan("max(time), max($country)", "$R"), {"by hand, no total": _clickhouse(_BY_COUNTRY)}, _duckdb(_BY_COUNTRY),
    ),
    Case(
        "lifecycle", _question("lifecycle", event="e1"), _lifecycle_numbers,
        _scan("sum(cityHash64(person)), max(time)", "$B and event = 'e1'"),
        {"by hand": _clickhouse(_LIFECYCLE_ARRAYS)}, _duckdb(_LIFECYCLE),
    ),
    Case(
        "stickiness", _question("stickiness", event="e1"),
        lambda answer: _flat((bar["intervals"], bar["people"]) for bar in answer["bars"] if bar["people"]),
        _scan("sum(cityHash64(person)), max(time)", "$R and event = 'e1'"),
        {"by hand": _clickhouse(_STICKY)}, _duckdb(_STICKY),
    ),
    Case(
        "paths", _question("paths", events=list(_PATH_EVENTS), gap="2d"),
        lambda answer: _flat((edge["from"], edge["to"], edge["count"]) for edge in answer["edges"]),
        _scan("sum(cityHash64(person)), max(time), max(event)", f"$R and event in {_PATH_EVENTS}"),
        {"by hand": _paths(_clickhouse)}, _paths(_duckdb),
    ),
    Case(
        "attribution, last", _question("attribution", conversion={"event": "e7"}, touch={"event": "e4"}),
        lambda answer: _flat((row["value"], row["credit"], row["conversions"]) for row in answer["rows"]),
        _touched(_scan("sum(cityHash64(person)), max(time), max($utm)", "$L and event in ('e4', 'e7')"), _clickhouse),
        {"by hand": _touched(_LAST_TOUCH, _clickhouse)}, _touched(_LAST_TOUCH, _duckdb),
    ),
    Case(
        "attribution, linear",
        _question("attribution", conversion={"event": "e7"}, touch={"event": "e4"}, model="linear"),
        lambda answer: _flat((row["value"], row["credit"], row["conversions"]) for row in answer["rows"]),
        _touched(_scan("sum(cityHash64(person)), max(time), max($utm)", "$L and event in ('e4', 'e7')"), _clickhouse),
        {"by hand": _touched(_LINEAR_ARRAYS, _clickhouse)}, _touched(_LINEAR_JOIN, _duckdb),
    ),
    Case(
        "sessions", _question("sessions", event="e1"),
        lambda answer: _flat(zip(answer["sessions"], answer["people"], answer["events_per_session"], strict=True)),
        _scan("sum(cityHash64(person)), max(time)", "$R and event = 'e1'"),
        {"by hand, less": _sessions(_clickhouse)}, _sessions(_duckdb),
    ),
    Case(
        "lifetime value",
        _question("lifetime_value", purchase={"event": "e7"}, prop="amount", interval="week", intervals=5), _revenue,
        _scan("sum(cityHash64(person)), max(time), sum($amount)", "$B and event = 'e7'"),
        {"by hand, less": _lifetime(_clickhouse)}, _lifetime(_duckdb),
    ),
    Case(
        "correlation", _question("correlation", start={"event": "e2"}, goal={"event": "e9"}, look=["events"]),
        lambda answer: [answer["base"]["started"], answer["base"]["reached"]],
        _scan("sum(cityHash64(person)), max(time), max(event)", "$R"), {},
    ),
]  # fmt: skip
