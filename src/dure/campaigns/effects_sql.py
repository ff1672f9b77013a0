"""The log's statements over all campaigns. Everybody counts under the id they have now."""

from __future__ import annotations

from dure.campaigns.log_sql import MERGED, MERGED_IN, WHO

# Each campaign's people and messages, month by month and (month null) over all time.
SENT = f"""
with {MERGED}
select month, e.object as campaign, uniqExact({WHO}) as people, count() as messages
from events as e left any join merged as m on e.person = m.from_person
array join [null, toStartOfMonth(toTimeZone(e.time, {{zone:String}}))] as month
where e.workspace = {{workspace:String}} and e.event = 'Message Sent' and e.time <= {{now:DateTime64(6, 'UTC')}}
group by month, campaign
"""

# Each half of each campaign: how many came in long enough ago, how many of them were active between `from` and
# `to` seconds later, how many came in too lately.
DAY_N = f"""
with {MERGED_IN},
entered as (
    select {WHO} as who, e.object as campaign, argMin(toString(e.properties.arm), e.time) as arm, min(e.time) as at
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.event = 'Campaign Entered'
    group by who, campaign
    having arm in ('control', 'treated')
),
did as (
    select {WHO} as who, e.time as time
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and {{active}}
      and e.time >= (select min(at) from entered) and e.time <= {{{{now:DateTime64(6, 'UTC')}}}}
      and {WHO} in (select who from entered)
)
select campaign, arm, countIf(done) as people, countIf(done and back) as returned, countIf(not done) as pending
from (
    select en.campaign as campaign, en.who as who, any(en.arm) as arm,
           any(en.at) + toIntervalSecond({{{{to:Int64}}}}) <= {{{{now:DateTime64(6, 'UTC')}}}} as done,
           max(d.time >= en.at + toIntervalSecond({{{{from:Int64}}}})
               and d.time < en.at + toIntervalSecond({{{{to:Int64}}}})) as back
    from entered as en left join did as d on en.who = d.who
    group by campaign, who
)
group by campaign, arm
"""
