"""SQL that measures a conversation, whosever it is: of a deal, or of an account over all that is said with it.

What measures stands on a table `sign` (subject, room, message, at, kind, customer, who, place, thread, asks), which
whoever asks puts before it, and on the parameters `now` and `asked_before`.
"""

from __future__ import annotations

from dure.deals.health.rules import HALF_LIFE, WORTH

_WORTH = f"""
case kind when 'message' then case when customer then {WORTH["customer_message"]} else {WORTH["message"]} end
          when 'meeting' then {WORTH["meeting"]} when 'forward' then {WORTH["forward"]}
          when 'back' then {WORTH["back"]} when 'slip' then {WORTH["slip"]} else 0 end
"""
# What each sign is worth; somebody's first message is worth more.
VALUED = f"""
select subject, at, ({_WORTH})::float8 as worth from sign
union all
select subject, min(at), {WORTH["new_contact"]}::float8 from sign where kind = 'message' and customer
group by subject, who
"""
# What a value that was given at `at` is worth later.
HALVED = f"power(2::float8, -extract(epoch from {{moment}} - {{at}})::float8 / 86400 / {HALF_LIFE})"

MEASURED = f"""
valued as ({VALUED}), momentum as (
    select subject, sum(worth * {HALVED.format(moment="%(now)s", at="at")}) as momentum
    from valued where at <= %(now)s and at > %(now)s - interval '180 days' group by subject
), said as (
    select * from sign where kind = 'message' and at <= %(now)s
), spoken as (
    select subject, count(*) filter (where customer) as ever, max(at) filter (where customer) as last_theirs,
           count(*) filter (where customer and at > %(now)s - interval '28 days') as theirs,
           count(*) filter (where not customer and at > %(now)s - interval '28 days') as ours
    from said group by subject
), threads as (
    select subject, count(*) as people from (
        select subject, who from said where customer and at > %(now)s - interval '30 days'
        group by subject, who having count(*) >= 2
    ) as often group by subject
), turned as (
    select subject, room, at, customer,
           customer is distinct from lag(customer) over (partition by subject, room order by at, message) as turn
    from said where at > %(now)s - interval '56 days'
), bursts as (
    select subject, customer, at, lag(at) over (partition by subject, room order by at) as asked_at
    from turned where turn
), latency as (
    select subject,
           percentile_cont(0.5) within group (order by extract(epoch from at - asked_at) / 3600)
               filter (where at > %(now)s - interval '14 days') as now,
           percentile_cont(0.5) within group (order by extract(epoch from at - asked_at) / 3600)
               filter (where at <= %(now)s - interval '14 days') as before
    from bursts where customer and asked_at is not null group by subject
), answers as (
    select subject, room, thread, max(at) as at, max(at) filter (where kind = 'message') as said_at from sign
    where not customer and at <= %(now)s and at > %(now)s - interval '60 days' and kind in ('message', 'reaction')
    group by subject, room, thread
), questions as (
    select q.subject, count(*) as open from said q
    left join answers of_it on of_it.subject = q.subject and of_it.room = q.room and of_it.thread = q.place
    left join answers beside on beside.subject = q.subject and beside.room = q.room and beside.thread = q.thread
    where q.customer and coalesce(q.asks, true) and q.at > %(now)s - interval '60 days'
      and q.at <= %(asked_before)s and coalesce(of_it.at < q.at, true)
      and coalesce(case when q.thread = '' then beside.said_at else beside.at end < q.at, true)
    group by q.subject
)
"""
