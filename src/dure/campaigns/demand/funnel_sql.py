"""What became of a demand test's people, asked of the log in one statement."""

from __future__ import annotations

from dure.campaigns.log_sql import MERGED_IN, WHO

# Each arm: how many were assigned, how many of them took each step, and how many did the goal in their window, which is
# counted of those alone whose window is over. Who pressed the button had the page before them, whatever loaded.
FUNNEL = f"""
with {MERGED_IN},
entered as (
    select {WHO} as who, argMin(toString(e.properties.arm), e.time) as arm, min(e.time) as at
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.event = 'Campaign Entered' and e.object = {{{{campaign:String}}}}
    group by who
),
acts as (
    select {WHO} as who, multiIf(
            e.event = 'Message Sent', 1, e.event in ('Message Opened', 'Message Seen'), 2,
            e.event = 'Message Clicked', 3, e.event = 'Demand Shown', 4, 5) as step,
           e.time as time
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.source = 'campaigns' and (
        (e.event in ('Message Sent', 'Message Opened', 'Message Seen', 'Message Clicked')
         and e.object = {{{{campaign:String}}}})
        or (e.event in ('Demand Shown', 'Demand Wanted') and e.object = {{{{test:String}}}}))
    union all
    select {WHO}, 6, e.time
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.event = {{{{goal:String}}}}
      and e.time > (select min(at) from entered){{where}}
)
select arm, count() as people, countIf(sent), countIf(seen or clicked or wanted), countIf(clicked or wanted),
       countIf(shown or wanted), countIf(wanted), countIf(done), countIf(done and did)
from (
    select en.who as who, any(en.arm) as arm, max(a.step = 1) as sent, max(a.step in (2, 4)) as seen,
           max(a.step in (3, 4)) as clicked, max(a.step = 4) as shown, max(a.step = 5) as wanted,
           any(en.at) + toIntervalSecond({{{{window:Int64}}}}) <= {{{{now:DateTime64(6, 'UTC')}}}} as done,
           max(a.step = 6 and a.time > en.at and a.time <= en.at + toIntervalSecond({{{{window:Int64}}}})) as did
    from entered as en left join acts as a on en.who = a.who
    group by who
)
group by arm
"""
