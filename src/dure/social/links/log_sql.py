"""What the log says of links. Every statement is bound to the workspace, a range, and the links asked for or
`every` one."""

from __future__ import annotations

_NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
_OVERRIDES = """(select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {workspace:String} group by from_person)"""

# Of each link: clicks of people, the same counted once a day each, and what fetched it that was no person.
CLICKS = """
select object, countIf(event = 'Link Clicked'),
    uniqExactIf((toDate(time), properties.visitor.:String), event = 'Link Clicked'), countIf(event = 'Link Fetched')
from events where workspace = {workspace:String} and source = 'social' and object_type = 'link'
    and event in ('Link Clicked', 'Link Fetched') and ({every:UInt8} = 1 or object in {links:Array(String)})
    and time >= {since:DateTime64(6, 'UTC')} and time < {until:DateTime64(6, 'UTC')}
group by object
"""

# Of each link (by its code): people who were seen on the target's pages by it, and those of them who signed up within
# thirty days and had not before. Who came by two of these links belongs to the first.
_CODE = "properties.utm_link.:String"
_OURS = f"ifNull({{every:UInt8}} = 1 and {_CODE} != '' or {_CODE} in {{codes:Array(String)}}, false)"
CAME = f"""
with named as (
    select if(o.to_person = {_NOBODY}, e.person, o.to_person) as unit, e.time as time, e.code as code, e.ours as ours,
        e.signed as signed
    from (select person, time, ifNull({_CODE}, '') as code, event = 'Signed Up' as signed,
            {_OURS} and time >= {{since:DateTime64(6, 'UTC')}} as ours
        from events
        where workspace = {{workspace:String}} and source != 'social' and person != {_NOBODY}
            and time < {{until:DateTime64(6, 'UTC')}} and (event = 'Signed Up' or ours)) as e
    left any join {_OVERRIDES} as o on e.person = o.from_person)
select came, count(), countIf(signs > 0 and before = 0) from (
    select unit, argMinIf(code, time, ours) as came, minIf(time, ours) as began,
        groupArrayIf(time, signed) as times,
        arrayCount(t -> t >= began and t <= began + toIntervalDay(30), times) as signs,
        arrayCount(t -> t < began, times) as before
    from named group by unit having countIf(ours) > 0)
group by came
"""
