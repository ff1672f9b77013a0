"""Experiments' questions to the log. Everybody counts once, under the id they have now, in the arm they met first."""

from __future__ import annotations

NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
_NOW = "if(m.to_person = {nobody}, e.person, m.to_person)".replace("{nobody}", NOBODY)
_MERGED = """merged as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {{workspace:String}} group by from_person
)"""
_MOMENT = "DateTime64(6, 'UTC')"

# Who met the experiment: their first arm, when that was, and whether they met another one too.
_EXPOSED = f"""exposed as (
    select who, argMin(met, moment) as arm, min(moment) as at, uniqExact(met) > 1 as mixed
    from (
        select {_NOW} as who, toString({{arm}}) as met, e.time as moment
        from events as e left any join merged as m on e.person = m.from_person
        where e.workspace = {{{{workspace:String}}}} and e.person != {NOBODY} and ({{exposure}})
          and e.time >= {{{{since:{_MOMENT}}}}} and e.time <= {{{{until:{_MOMENT}}}}}
    )
    where met in {{{{arms:Array(String)}}}}
    group by who
)"""

# What each of them did in each measure's window, and before in the one that is looked back at.
_DID = f"""did as (
    select x.who as who{{columns}}
    from (
        select {_NOW} as who, e.time as time{{values}}
        from events as e left any join merged as m on e.person = m.from_person
        where e.workspace = {{{{workspace:String}}}} and e.person != {NOBODY}
          and ({{happened}}) and e.time <= {{{{now:{_MOMENT}}}}}
          and e.time >= {{{{since:{_MOMENT}}}}} - toIntervalSecond({{{{back:Int64}}}})
    ) as d inner join exposed as x on d.who = x.who
    group by who
)"""

# The newest value of a trait that was stated before they met the experiment: what came later may be its effect.
STRATUM = f"""stratum as (
    select x.who as who, argMax(tuple(d.text), d.time).1 as value
    from (
        select {_NOW} as who, e.time as time, toString({{trait}}) as text
        from events as e left any join merged as m on e.person = m.from_person
        where e.workspace = {{{{workspace:String}}}} and e.event = 'Identified' and isNotNull({{trait}})
          and e.time <= {{{{until:{_MOMENT}}}}}
    ) as d inner join exposed as x on d.who = x.who
    where d.time <= x.at
    group by who
)"""

# One row for each arm, stratum, measure and day on which people's windows ended: all the sums that any estimate is
# made of. Measure -1 counts everybody by the day they were exposed (y: who met two arms); day -1 is not over yet.
SUMS = f"""
with {_MERGED},
{_EXPOSED},
{_DID}{{and_stratum}}
select arm, stratum, part.1 as measure, part.2 as day, count() as people, sum(part.3) as y, sum(part.3 * part.3) as yy,
       sum(part.4) as d, sum(part.4 * part.4) as dd, sum(part.3 * part.4) as yd, sum(part.5) as x,
       sum(part.5 * part.5) as xx, sum(part.3 * part.5) as xy
from (
    select x.arm as arm, {{stratum}} as stratum, arrayJoin([{{parts}}]) as part
    from exposed as x left join did as d on x.who = d.who{{join_stratum}}
)
group by arm, stratum, measure, day
"""

# The quantile of what each person's values sum up to, and the ends of its interval by order statistics.
QUANTILE = f"""
with {_MERGED},
{_EXPOSED},
{_DID}
select arm, n, sums[greatest(1, toInt64(ceil(n * {{{{share:Float64}}}} - 1e-9)))] as middle,
       sums[greatest(1, toInt64(floor(n * {{{{share:Float64}}}} - half)))] as low,
       sums[least(n, toInt64(ceil(n * {{{{share:Float64}}}} + half)))] as high
from (
    select x.arm as arm, arraySort(groupArray(d.y0)) as sums, length(sums) as n,
           {{{{z:Float64}}}} * sqrt(n * {{{{share:Float64}}}} * (1 - {{{{share:Float64}}}})) as half
    from exposed as x left join did as d on x.who = d.who
    where x.at + toIntervalSecond({{seconds}}) <= {{{{now:{_MOMENT}}}}}
    group by arm
)
"""

# How many people an event met on each of the last days who had not met it before within them: how fast an experiment
# that began then would have filled.
TRAFFIC = f"""
with {_MERGED}
select day, count() as people from (
    select {_NOW} as who, dateDiff('day', {{{{since:{_MOMENT}}}}}, min(e.time)) as day
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{{{workspace:String}}}} and e.person != {NOBODY} and ({{exposure}})
      and e.time > {{{{since:{_MOMENT}}}}} and e.time <= {{{{now:{_MOMENT}}}}}
    group by who
) group by day order by day
"""

# What a measure was lately, without any experiment: people counted from their first such event on.
BASE = f"""
with {_MERGED},
exposed as (
    select who, min(time) as at from (
        select {_NOW} as who, e.time as time
        from events as e left any join merged as m on e.person = m.from_person
        where e.workspace = {{{{workspace:String}}}} and e.person != {NOBODY} and ({{exposure}})
          and e.time >= {{{{since:{_MOMENT}}}}} and e.time <= {{{{until:{_MOMENT}}}}}
    ) group by who
),
{_DID}
select count() as people, sum(toFloat64(d.y0)) as y, sum(toFloat64(d.y0) * d.y0) as yy, sum(toFloat64(d.d0)) as d,
       sum(toFloat64(d.d0) * d.d0) as dd, sum(toFloat64(d.y0) * d.d0) as yd
from exposed as x left join did as d on x.who = d.who
"""

# When an exposure's event was seen first.
BEGIN = f"""
select min(e.time), count() from events as e
where e.workspace = {{{{workspace:String}}}} and e.person != {NOBODY} and ({{exposure}})
  and e.time <= {{{{until:{_MOMENT}}}}}
"""
