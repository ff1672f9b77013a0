"""What the log says of social's effect. Every statement is bound to the workspace and a range."""

from __future__ import annotations

_SINCE, _UNTIL = "{since:DateTime64(6, 'UTC')}", "{until:DateTime64(6, 'UTC')}"
_RANGE = f"workspace = {{workspace:String}} and time >= {_SINCE} and time < {_UNTIL}"
_NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
_OVERRIDES = """(select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {workspace:String} group by from_person)"""
# A link that somebody put into a post says so by its medium, or names a network as its source.
_FROM_SOCIAL = """(lower(properties.utm_medium.:String) in ('social', 'social-media', 'sns', 'post')
    or lower(properties.utm_source.:String) in {networks:Array(String)})"""

# A click on a tracked link that was made for one person says whose it is; others show in their visit of the target.
_CLICKED = f"event = 'Link Clicked' and source = 'social' and person != {_NOBODY}"

# Of everybody the first touch (a linked mention, or a visit by a social link), the first social visit at or after it,
# and the first sign-up within the window of the touch. Who had signed up before is no effect.
FUNNEL = f"""
with touch as (
    select who, min(time) as since, argMin(how, time) as kind, argMin(site, time) as network from (
        select person as who, time, 'linked' as how, properties.network.:String as site from events
        where {_RANGE} and event in ('Mention Arrived', 'Mention Linked') and source = 'social' and person != {_NOBODY}
        union all
        select person, time, 'utm', lower(properties.utm_source.:String) from events
        where {_RANGE} and person != {_NOBODY} and source != 'social' and {_FROM_SOCIAL}
        union all
        select person, time, 'utm', lower(properties.network.:String) from events where {_RANGE} and {_CLICKED})
    group by who),
named as (select if(o.to_person = {_NOBODY}, t.who, o.to_person) as unit, t.since as since, t.kind as kind,
        t.network as network
    from touch as t left any join {_OVERRIDES} as o on t.who = o.from_person),
first_touch as (select unit, min(since) as began, argMin(kind, since) as how, argMin(network, since) as site from named
    group by unit),
acts as (select if(o.to_person = {_NOBODY}, e.person, o.to_person) as unit, e.clicked as clicked, e.signed as signed,
        e.time as time
    from (select person, time, event = 'Signed Up' as signed,
            event != 'Signed Up' and ({_FROM_SOCIAL} or source = 'social') as clicked
        from events where workspace = {{workspace:String}} and time < {_UNTIL}
            and person != {_NOBODY} and ((source != 'social' and (event = 'Signed Up' or ({_RANGE} and {_FROM_SOCIAL})))
                or ({_RANGE} and {_CLICKED}))) as e
    left any join {_OVERRIDES} as o on e.person = o.from_person)
select f.kind, f.network, count(), countIf(f.clicks > 0), countIf(f.signs > 0 and f.before = 0) from (
    select t.unit as unit, any(t.how) as kind, any(t.site) as network,
        countIf(a.clicked and a.time >= t.began) as clicks,
        countIf(a.signed and a.time >= t.began and a.time <= t.began + toIntervalDay({{window:UInt16}})) as signs,
        countIf(a.signed and a.time < t.began) as before
    from first_touch as t left join acts as a on t.unit = a.unit group by t.unit) as f
group by f.kind, f.network order by count() desc
"""
MENTIONS = (
    f"select count(), uniqExactIf(person, person != {_NOBODY}) from events where {_RANGE} and event = 'Mention Arrived'"
)
# Clicks of people on tracked links, whoever they are; of the company's own posts and of what employees shared.
CLICKS = f"""
select count(), countIf(properties.side.:String = 'employees') from events
where {_RANGE} and event = 'Link Clicked' and source = 'social'
"""
SIGN_UPS = f"select uniqExact(person) from events where {_RANGE} and event = 'Signed Up' and person != {_NOBODY}"

# Deals that were open in the range, with what was said by their account while they were open or shortly before.
DEALS = """
with deal as (
    select object, argMaxIf(account, time, account != '') as of_account, argMax(properties.name.:String, time) as name,
        argMax(properties.amount.:Int64, time) as amount, argMax(properties.currency.:String, time) as currency,
        min(time) as opened, minIf(time, event in ('Deal Won', 'Deal Lost')) as ended,
        countIf(event in ('Deal Won', 'Deal Lost')) as ends, argMax(event, time) as last_event,
        countIf(event = 'Deal Won') as won
    from events where workspace = {workspace:String} and source = 'deals' and object_type = 'deal' and object != ''
        and event in ('Deal Created', 'Deal Stage Changed', 'Deal Changed', 'Deal Won', 'Deal Lost')
        and time < {until:DateTime64(6, 'UTC')}
    group by object
    having of_account != '' and (ends = 0 or ended >= {since:DateTime64(6, 'UTC')})),
said as (select account as by_account, time, object as mention, properties.sentiment.:Int64 as feeling
    from events where workspace = {workspace:String} and event in ('Mention Arrived', 'Mention Linked')
        and source = 'social' and account != '' and time < {until:DateTime64(6, 'UTC')})
select d.object, any(d.name), any(d.amount), any(d.currency), any(d.of_account),
    multiIf(any(d.won) > 0, 'won', any(d.ends) > 0, 'lost', 'open') as outcome,
    uniqExactIf(s.mention, s.mention != '' and s.time >= d.opened and (d.ends = 0 or s.time <= d.ended)) as during,
    uniqExactIf(s.mention, s.mention != '' and s.time < d.opened and s.time >= d.opened - toIntervalDay(90)) as earlier,
    uniqExactIf(s.mention, s.mention != '' and s.feeling < 0 and s.time >= d.opened - toIntervalDay(90)
        and (d.ends = 0 or s.time <= d.ended)) as bad
from deal as d left join said as s on d.of_account = s.by_account group by d.object
order by during + earlier desc, any(d.amount) desc, d.object
"""

# Of the mentions that a rule or the model handed to a function: how many nobody had to correct afterwards.
ROUTED = f"""
select count(), countIf(fixed > 0) from (
    select object, minIf(time, event = 'Mention Routed' and properties.by.:String in ('rule', 'model', 'automation'))
            as first, countIf(event = 'Mention Routed' and properties.by.:String in ('rule', 'model', 'automation'))
            as automatic,
        countIf(event = 'Mention Refused' or (event = 'Mention Routed' and properties.by.:String = 'person')) as fixed
    from events where {_RANGE} and event in ('Mention Routed', 'Mention Refused') and source = 'social'
        and ifNull(properties.loaded.:Bool, false) = false
    group by object having automatic > 0)
"""
