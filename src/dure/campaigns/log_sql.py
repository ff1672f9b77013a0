"""Campaigns' questions to the log. Everybody counts under the id they have now."""

from __future__ import annotations

_NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
_MERGED = """merged as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {workspace:String} group by from_person
)"""
# The same in a statement that filters are put into.
_MERGED_IN = _MERGED.replace("{", "{{").replace("}", "}}")
_WHO = f"if(m.to_person = {_NOBODY}, e.person, m.to_person)"

# When each of these people last did an event.
LAST_DID = f"""
with {_MERGED_IN}
select {_WHO} as who, max(e.time) as last
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{{{workspace:String}}}} and e.event = {{{{event:String}}}}
  and e.time > {{{{since:DateTime64(6, 'UTC')}}}} and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}{{where}}
  and (e.person in {{{{people:Array(UUID)}}}} or m.to_person in {{{{people:Array(UUID)}}}})
group by who
"""

# Each half: how many entered long enough ago, how many of them did the goal in their window, how many are too new.
# Everybody assigned counts, also those whom no letter reached: leaving them out would compare unlike halves.
HALVES = f"""
with {_MERGED_IN},
entered as (
    select {_WHO} as who, argMin(toString(e.properties.arm), e.time) as arm, min(e.time) as at
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.event = 'Campaign Entered' and e.object = {{{{campaign:String}}}}
    group by who
),
did as (
    select {_WHO} as who, e.time as time
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.event = {{{{goal:String}}}}
      and e.time > (select min(at) from entered) and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}{{where}}
)
select arm, countIf(done) as people, countIf(done and back) as returned, countIf(not done) as pending
from (
    select en.who as who, any(en.arm) as arm,
           any(en.at) + toIntervalSecond({{{{window:Int64}}}}) <= {{{{now:DateTime64(6, 'UTC')}}}} as done,
           max(d.time > en.at and d.time <= en.at + toIntervalSecond({{{{window:Int64}}}})) as back
    from entered as en left join did as d on en.who = d.who
    group by who
)
group by arm
"""

# What each of these people heard, newest first, with its genre.
HEARD = f"""
with {_MERGED}
select {_WHO} as who, e.object as item, toString(any(e.properties.genre)) as genre, max(e.time) as last
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and e.event = 'Listen Started' and e.object != ''
  and e.time > {{since:DateTime64(6, 'UTC')}} and e.time <= {{now:DateTime64(6, 'UTC')}}
  and (e.person in {{people:Array(UUID)}} or m.to_person in {{people:Array(UUID)}})
group by who, item
order by who, last desc
limit 50 by who
"""

# How many people heard each item; `recent` of them in the last days.
POPULAR = """
select object, uniq(person) as people, uniqIf(person, time > {recent:DateTime64(6, 'UTC')}) as recent
from events
where workspace = {workspace:String} and event = 'Listen Started' and object != '' and person != toUUID(
    '00000000-0000-0000-0000-000000000000')
  and time > {since:DateTime64(6, 'UTC')} and time <= {now:DateTime64(6, 'UTC')}
group by object
"""

# Which items the newest listeners of these items heard too, and how many of them did.
TOGETHER = """
with fans as (
    select object as item, person from events
    where workspace = {workspace:String} and event = 'Listen Started' and object in {items:Array(String)}
      and person != toUUID('00000000-0000-0000-0000-000000000000')
      and time > {since:DateTime64(6, 'UTC')} and time <= {now:DateTime64(6, 'UTC')}
    group by item, person order by item, max(time) desc limit {fans:UInt32} by item
)
select f.item as item, other, count() as people
from fans as f
join (
    select person, arrayJoin(groupUniqArray(50)(object)) as other from events
    where workspace = {workspace:String} and event = 'Listen Started' and object != ''
      and time > {since:DateTime64(6, 'UTC')} and time <= {now:DateTime64(6, 'UTC')}
      and person in (select person from fans)
    group by person
) as h on f.person = h.person
where f.item != other
group by item, other
order by item, people desc
limit 200 by item
"""

WHAT_BEGAN = "argMin(toJSONString(e.properties), e.time)"
"""For `told`: the properties of the first of the events, as text."""

# Whom the trigger met in the last days, newest first, and when last: the dry run's people.
TRIGGERED = f"""
with {_MERGED_IN}
select {_WHO} as who, min(e.time) as first, {{told}} as began
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{{{workspace:String}}}} and e.event = {{{{event:String}}}} and e.person != {_NOBODY}
  and e.time > {{{{since:DateTime64(6, 'UTC')}}}} and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}{{where}}
group by who
order by first desc
limit {{{{limit:UInt32}}}}
"""
