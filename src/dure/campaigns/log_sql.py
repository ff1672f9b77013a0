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
