"""Campaigns' questions to the log. Everybody counts under the id they have now."""

from __future__ import annotations

_NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
MERGED = """merged as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {workspace:String} group by from_person
)"""
# The same in a statement that filters are put into.
MERGED_IN = MERGED.replace("{", "{{").replace("}", "}}")
WHO = f"if(m.to_person = {_NOBODY}, e.person, m.to_person)"

# When each of these people last did an event.
LAST_DID = f"""
with {MERGED_IN}
select {WHO} as who, max(e.time) as last
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{{{workspace:String}}}} and e.event = {{{{event:String}}}}
  and e.time > {{{{since:DateTime64(6, 'UTC')}}}} and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}{{where}}
  and (e.person in {{{{people:Array(UUID)}}}} or m.to_person in {{{{people:Array(UUID)}}}})
group by who
"""

WHAT_BEGAN = "argMin(toJSONString(e.properties), e.time)"
"""For `told`: the properties of the first of the events, as text."""

# Whom the trigger met in the last days, newest first, and when last: the dry run's people.
TRIGGERED = f"""
with {MERGED_IN}
select {WHO} as who, min(e.time) as first, {{told}} as began
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{{{workspace:String}}}} and e.event = {{{{event:String}}}} and e.person != {_NOBODY}
  and e.time > {{{{since:DateTime64(6, 'UTC')}}}} and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}{{where}}
group by who
order by first desc
limit {{{{limit:UInt32}}}}
"""

# Whom an event met first and long enough ago, and for how many of them another came within a time after that.
CAME_AFTER = f"""
with {MERGED_IN},
began as (
    select {WHO} as who, min(e.time) as at
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.person != {_NOBODY} and {{began}}
      and e.time > {{{{since:DateTime64(6, 'UTC')}}}} and e.time <= {{{{until:DateTime64(6, 'UTC')}}}}
    group by who
),
came as (
    select {WHO} as who, e.time as time
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and {{came}}
      and e.time > {{{{since:DateTime64(6, 'UTC')}}}} and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}
)
select count() as people, countIf(done) as did from (
    select b.who as who, max(c.time > b.at + toIntervalSecond({{{{after:Int64}}}})
               and c.time <= b.at + toIntervalSecond({{{{after:Int64}}}} + {{{{within:Int64}}}})) as done
    from began as b left join came as c on b.who = c.who group by who
)
"""

# Of these people, taken once in each of the last so many times: for how many of them an event came.
CAME_WITHIN = f"""
with {MERGED_IN}
select length({{{{people:Array(UUID)}}}}) * {{{{times:Int64}}}} as people,
       uniqExact({WHO}, intDiv(dateDiff('second', e.time, {{{{now:DateTime64(6, 'UTC')}}}}), {{{{within:Int64}}}}))
           as did
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{{{workspace:String}}}} and {{came}}
  and e.time > {{{{since:DateTime64(6, 'UTC')}}}} and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}
  and {WHO} in {{{{people:Array(UUID)}}}}
"""
