"""Who reached a handover's goal, as a statement over the log."""

from __future__ import annotations

from datetime import datetime

from dure.segments.conditions_sql import Statement, selected
from dure.segments.model import Selector

# Under all the ids that somebody has or had: the lists keep the ids of the day they were written.
_REACHED = """
with merged as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {{workspace:String}} group by from_person
), did as (
    select e.person as own,
           if(m.to_person = toUUID('00000000-0000-0000-0000-000000000000'), e.person, m.to_person) as who
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.person != toUUID('00000000-0000-0000-0000-000000000000')
      and e.time > {begin} and e.time <= {end} and {goal}
)
select own as person from did union distinct select who from did
union distinct select from_person from merged where to_person in (select who from did)
"""


def reached(goal: Selector, begin: datetime, end: datetime) -> Statement:
    """Everybody who did the goal after `begin` and up to `end`."""
    statement = Statement()
    statement.sql = _REACHED.format(
        begin=statement.moment(begin), end=statement.moment(end), goal=f"({selected(goal, statement)})"
    )
    return statement
