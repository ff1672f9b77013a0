"""What became of recommendations, asked of the log."""

from __future__ import annotations

from dure.campaigns.recommending.model import Selectors
from dure.campaigns.recommending.reading_sql import MERGED, NOBODY, WHO, places


# Recommendations shown, by kind: in messages that went out (each item with the kind it came from), or by an app that
# says so. Clicked: the message, or what the app showed. Consumed: that item by that person within the window.
def outcomes(selectors: Selectors) -> str:
    item = places(selectors.item)
    return f"""
with {MERGED},
shown as (
    select who, item, kind, min(time) as at, any(told) as message from (
        select {WHO} as who, one.1 as item, one.2 as kind, e.time as time,
               toString(e.properties.message) as told
        from events as e left any join merged as m on e.person = m.from_person
        array join arrayZip(
            arrayResize(e.properties.items.:`Array(Nullable(String))`,
                        length(e.properties.item_kinds.:`Array(Nullable(String))`)),
            e.properties.item_kinds.:`Array(Nullable(String))`) as one
        where e.workspace = {{workspace:String}} and e.event = 'Message Sent' and e.source = 'campaigns'
          and e.time > {{since:DateTime64(6, 'UTC')}} and e.time <= {{until:DateTime64(6, 'UTC')}}
        union all
        select {WHO}, {item}, toString(e.properties.kind), e.time, ''
        from events as e left any join merged as m on e.person = m.from_person
        where e.workspace = {{workspace:String}} and e.event = 'Recommendation Shown' and e.person != {NOBODY}
          and e.time > {{since:DateTime64(6, 'UTC')}} and e.time <= {{until:DateTime64(6, 'UTC')}}
    )
    where item != '' and kind in {{kinds:Array(String)}}
    group by who, item, kind, toDate(time)
),
clicked as (
    select {WHO} as who,
           if(e.event = 'Message Clicked', toString(e.properties.message), concat('item ', {item})) as what,
           e.time as time
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.event in ('Message Clicked', 'Recommendation Clicked')
      and e.time > {{since:DateTime64(6, 'UTC')}}
),
consumed as (
    select {WHO} as who, {item} as item, e.time as time
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.event = {{event:String}}
      and e.time > {{since:DateTime64(6, 'UTC')}} and {item} in (select item from shown)
),
told as (
    select s.who as who, s.item as item, s.kind as kind, s.at as at,
           max(c.time > s.at and c.time <= s.at + toIntervalSecond({{window:Int64}})) as heard
    from shown as s left join consumed as c on s.who = c.who and s.item = c.item
    group by who, item, kind, at
),
pressed as (
    select s.who as who, s.item as item, s.kind as kind, s.at as at,
           max(c.time > s.at and c.time <= s.at + toIntervalSecond({{window:Int64}})) as pressed
    from shown as s left join clicked as c
        on s.who = c.who and if(s.message = '', concat('item ', s.item), s.message) = c.what
    group by who, item, kind, at
)
select t.kind as kind, count() as shown, countIf(p.pressed) as clicked, countIf(t.heard) as consumed,
       countIf(p.pressed or t.heard) as won
from told as t inner join pressed as p on t.who = p.who and t.item = p.item and t.kind = p.kind and t.at = p.at
group by kind
"""
