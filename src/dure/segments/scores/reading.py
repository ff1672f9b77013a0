"""What a score reads of the log: who did what when and for how much, in parts that a machine can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.conditions_sql import Statement, column, selected
from dure.segments.scores.model import History, Settings
from dure.segments.scores.plan import LEARNED, TESTS

EVENTS_A_PART = 2_000_000
MOST_EVENT_NAMES = 12

_LAYOUT = np.dtype(
    [("high", "<u8"), ("low", "<u8"), ("time", "<i8"), ("amount", "<f8"), ("event", "<i2"), ("goal", "u1"),
     ("active", "u1")]
)  # fmt: skip

# What everybody did, under the id they have now.
_DONE = """
from events as e left any join (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {{workspace:String}} group by from_person
) as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and e.person != toUUID('00000000-0000-0000-0000-000000000000')
  and e.time >= {begin} and e.time < {now} and ({active} or {goal})"""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is to read: events, in how many parts, since when, and the names that most people did."""

    events: int
    parts: int
    begin: float
    names: tuple[str, ...]


def since(settings: Settings, now: datetime) -> datetime:
    """The earliest moment that a training can make use of."""
    known = settings.gap_days + settings.horizon_days
    return now - timedelta(
        days=settings.history_days + 2 * known + (TESTS + LEARNED - 2) * settings.horizon_days
    )  # fmt: skip


async def extent(log: Log, tenant: Tenant, settings: Settings, begin: datetime, now: datetime) -> Extent:
    statement = Statement()
    done = _done(settings, begin, now, statement)
    answer = await log.query(
        tenant,
        "select e.event as event, uniq(e.person) as people, count() as many, min(e.time) as first" + done
        + " group by event order by people desc, event",
        statement.params,
    )  # fmt: skip
    many = sum(row[2] for row in answer.rows)
    first = min((row[3] for row in answer.rows), default=now)
    names = tuple(row[0] for row in answer.rows[:MOST_EVENT_NAMES])
    return Extent(many, max(1, -(-many // EVENTS_A_PART)), first.replace(tzinfo=UTC).timestamp(), tuple(sorted(names)))


async def part(
    log: Log, tenant: Tenant, settings: Settings, begin: datetime, now: datetime, names: Sequence[str], number: int,
    parts: int,
) -> bytes:  # fmt: skip
    """The people of one part with all they did, sorted by person and time, in the layout that `history_of` reads."""
    statement = Statement()
    amount = "0.0"
    if settings.amount:
        amount = f"ifNull(toFloat64OrNull(toString({column(settings.amount)})), 0.0)"
    code = f"toInt16(indexOf({statement.bind(list(names), 'Array(String)')}, e.event) - 1)"
    active, goal = _active(settings, statement), _goal(settings, statement)
    sql = (
        "select if(m.to_person = toUUID('00000000-0000-0000-0000-000000000000'), e.person, m.to_person) as who,"
        f" toInt64(toUnixTimestamp64Micro(e.time)) as at, {amount} as amount, {code} as code,"
        f" toUInt8({goal}) as is_goal, toUInt8({active}) as is_active"
        + _done(settings, begin, now, statement)
        + f" and cityHash64(who) % {int(parts)} = {int(number)} order by who, at"
    )
    return await log.export(tenant, sql, statement.params, "RowBinary", {})


def history_of(raw: bytes, names: Sequence[str]) -> tuple[History, np.ndarray]:
    """A part as a history, and its people's ids as pairs of numbers, in their order."""
    rows = np.frombuffer(raw, dtype=_LAYOUT)
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (rows["high"][1:] != rows["high"][:-1]) | (rows["low"][1:] != rows["low"][:-1])
    ids = np.column_stack([rows["high"][fresh], rows["low"][fresh]])
    history = History(
        len(ids), np.cumsum(fresh) - 1, rows["time"] / 1e6, np.ascontiguousarray(rows["amount"]),
        rows["event"].astype(np.int64), rows["goal"] == 1, rows["active"] == 1, tuple(names),
    )  # fmt: skip
    return history, ids


def _done(settings: Settings, begin: datetime, now: datetime, statement: Statement) -> str:
    return _DONE.format(
        begin=statement.moment(begin), now=statement.moment(now), active=_active(settings, statement),
        goal=_goal(settings, statement),
    )  # fmt: skip


def _active(settings: Settings, statement: Statement) -> str:
    return f"({selected(settings.activity, statement)})"


def _goal(settings: Settings, statement: Statement) -> str:
    return f"({selected(settings.goal, statement)})" if settings.goal is not None else "false"
