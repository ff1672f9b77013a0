"""Counting people by the newest value of a trait."""

from __future__ import annotations

from dure.segments.conditions_sql import Statement
from dure.segments.leaves_sql import IDENTIFIED, told_trait
from dure.segments.sql import MERGED, NOBODY, NOW

# How many of the people that a statement names have each value, null for none; the commonest first.
_BY_TRAIT = """
with {merged}
select t.value as value, count() as people from ({people}) as p left join (
    select {who} as person, argMaxIf({said}, (e.time, e.message_id), {told}).1 as value
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.person != {nobody} and e.event = '{identified}'
      and e.time <= {{now:DateTime64(6, 'UTC')}}
    group by person
) as t on p.person = t.person
group by value order by people desc, value
"""


def by_trait(people: Statement, trait: str) -> Statement:
    """`people` names them in a column `person`."""
    said, told = told_trait(trait, people)
    people.sql = _BY_TRAIT.format(
        merged=MERGED, people=people.sql, who=NOW, said=said, told=told, nobody=NOBODY, identified=IDENTIFIED
    )
    return people
