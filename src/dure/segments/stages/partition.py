"""Which stage somebody is in: one decision with one answer, in Python and as one `multiIf` of ClickHouse.

It is a list of conditions of which the first that holds decides and the last always holds. So nobody can be in two
stages or in none, whatever the settings are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dure.kernel.errors import Invalid
from dure.segments.conditions_sql import Statement, selected
from dure.segments.model import Selector
from dure.segments.reading import check_selector
from dure.segments.stages.model import Facts, Settings, Stage

_MOST_MOMENTS = 60

# Everybody under the id they have now, and their stage at each moment asked of; '' before they were first seen.
_STAGES = """
select person, [{stages}] as stages from (
    select if(m.to_person = toUUID('00000000-0000-0000-0000-000000000000'), e.person, m.to_person) as person,
           min(e.time) as born, {columns}
    from events as e left any join (
        select from_person, argMax(to_person, version) as to_person from person_override
        where workspace = {{workspace:String}} group by from_person
    ) as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.person != toUUID('00000000-0000-0000-0000-000000000000')
      and e.time <= {latest}{narrowed}
    group by person
)"""


def read_settings(raw: object) -> Settings:
    """Settings out of decoded JSON; Invalid names the field."""
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field=path.rstrip("`").lstrip(".") or "settings") from error
    check_selector(settings.activity, "activity")
    check_selector(settings.activation, "activation")
    if settings.signup is not None:
        check_selector(settings.signup, "signup")
    for name in ("activation_times", "new_days", "at_risk_days", "dormant_days", "churned_days", "back_days"):
        if not 1 <= getattr(settings, name) <= 3650:
            raise Invalid(f"`{name}` is a number from 1 to 3650.", field=name)
    if not settings.at_risk_days < settings.dormant_days < settings.churned_days:
        raise Invalid(
            "At risk comes before dormant, and dormant before churned: each limit is above the one before.",
            field="dormant_days" if settings.at_risk_days >= settings.dormant_days else "churned_days",
        )
    if settings.back_days > settings.dormant_days:
        # Then a silence that made somebody dormant cannot lie within the time in which they count as back.
        raise Invalid("`back_days` is not above `dormant_days`.", field="back_days")
    return settings


def stage_of(facts: Facts, settings: Settings, at: datetime) -> Stage | None:
    """The stage at a moment; None for somebody who had not been seen by then."""

    def ago(days: int) -> datetime:
        return at - timedelta(days=days)

    if not facts.seen:
        return None
    if facts.signed_up is None:
        return "not_signed_up"
    if facts.signed_up > ago(settings.new_days):
        return "activated" if facts.activated else "new"
    last = max(facts.last or facts.signed_up, facts.signed_up)
    if last <= ago(settings.churned_days):
        return "churned"
    if last <= ago(settings.dormant_days):
        return "dormant"
    if last <= ago(settings.at_risk_days):
        return "at_risk"
    if facts.before and facts.back and facts.back >= facts.before + timedelta(days=settings.dormant_days):
        return "resurrected"
    return "current"


def stages_at(settings: Settings, moments: Sequence[datetime], zone: str, person: str | None = None) -> Statement:
    """SELECT of `person` and `stages`, their stage at each moment in order; of everybody, or of one."""
    if not 1 <= len(moments) <= _MOST_MOMENTS:
        raise ValueError(f"1 to {_MOST_MOMENTS} moments")
    statement = Statement()
    active, activation = _meant(settings.activity, statement), _meant(settings.activation, statement)
    signup = _meant(settings.signup, statement) if settings.signup is not None else active
    columns = [f"minIf(e.time, {signup}) as signed"]
    stages = []
    for number, at in enumerate(moments):
        stages.append(_at(number, at, settings, active, activation, zone, columns, statement))
    narrowed = ""
    if person is not None:
        bound = statement.bind(person, "UUID")
        narrowed = f" and (e.person = {bound} or m.to_person = {bound})"
    statement.sql = _STAGES.format(
        stages=", ".join(stages), columns=",\n           ".join(columns), narrowed=narrowed,
        latest=statement.moment(max(moments)),
    )  # fmt: skip
    return statement


def sizes_at(settings: Settings, moments: Sequence[datetime], zone: str) -> Statement:
    """How many are in each stage at each moment: `number` (of the moment, from 1), `stage`, `people`."""
    statement = stages_at(settings, moments, zone)
    statement.sql = (
        "select number, stages[number] as stage, count() as people from (" + statement.sql + ")"
        " array join arrayEnumerate(stages) as number where stage != '' group by number, stage order by number, stage"
    )
    return statement


def flows_between(settings: Settings, begin: datetime, end: datetime, zone: str) -> Statement:
    """How many were in which stage at both moments: `before` ('' for nobody yet), `after`, `people`."""
    statement = stages_at(settings, [begin, end], zone)
    statement.sql = (
        "select stages[1] as before, stages[2] as after, count() as people from (" + statement.sql + ")"
        " where after != '' group by before, after order by before, after"
    )
    return statement


def people_between(
    settings: Settings, begin: datetime, end: datetime, zone: str, before: str, after: str, limit: int
) -> Statement:
    """Who made a flow, by id."""
    statement = stages_at(settings, [begin, end], zone)
    statement.sql = (
        "select person from (" + statement.sql + f") where stages[1] = {statement.bind(before, 'String')}"
        f" and stages[2] = {statement.bind(after, 'String')} order by person limit {int(limit)}"
    )
    return statement


def _at(
    number: int, at: datetime, settings: Settings, active: str, activation: str, zone: str, columns: list[str],
    statement: Statement,
) -> str:  # fmt: skip
    now = statement.moment(at)

    def ago(days: int) -> str:
        return statement.moment(at - timedelta(days=days))

    back = ago(settings.back_days)
    by_now = f"e.time <= {now}"
    columns += [
        f"maxIf(e.time, {active} and {by_now}) as last{number}",
        f"maxIf(e.time, {active} and e.time <= {back}) as prior{number}",
        f"minIf(e.time, {active} and e.time > {back} and {by_now}) as back{number}",
    ]
    if settings.activation_measure == "days":
        day = f"toDate(e.time, {statement.bind(zone, 'String')})"
        columns.append(f"uniqExactIf({day}, {activation} and {by_now}) as times{number}")
    else:
        columns.append(f"countIf({activation} and {by_now}) as times{number}")
    never = "toDateTime64(0, 6, 'UTC')"
    quiet = f"greatest(last{number}, signed)"
    dormant = int(settings.dormant_days)
    return (
        f"multiIf(born > {now}, '', signed = {never} or signed > {now}, 'not_signed_up',"
        f" signed > {ago(settings.new_days)} and times{number} >= {int(settings.activation_times)}, 'activated',"
        f" signed > {ago(settings.new_days)}, 'new',"
        f" {quiet} <= {ago(settings.churned_days)}, 'churned', {quiet} <= {ago(settings.dormant_days)}, 'dormant',"
        f" {quiet} <= {ago(settings.at_risk_days)}, 'at_risk',"
        f" prior{number} != {never} and back{number} != {never}"
        f" and back{number} >= prior{number} + toIntervalDay({dormant}), 'resurrected', 'current')"
    )


def _meant(selector: Selector, statement: Statement) -> str:
    return f"({selected(selector, statement)})"
