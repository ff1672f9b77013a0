"""What deals' own tables know of a deal's past, as entries. A statement for each kind; each reads only its page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dure.deals.timeline.model import CHANGE, FILE, MEETING, NOTE, STAGE, TASK, Entry
from dure.state import Tx

# Each stage the deal entered, and what its amount and close date became.
_MOVES = """
select 'h' || number as id, at, actor, case when moved then 'stage' else 'change' end as kind,
       case when moved then 'moved' else 'changed' end as what,
       jsonb_build_object('from', before_stage, 'to', stage, 'probability', probability, 'currency', currency)
       || case when amount is distinct from before_amount and before_amount is not null
          then jsonb_build_object('amount', jsonb_build_array(before_amount, amount)) else '{}' end
       || case when close_date is distinct from before_date and before_date is not null
          then jsonb_build_object('close_date', jsonb_build_array(before_date, close_date)) else '{}' end as facts
from (
    select *, stage is distinct from lag(stage) over w as moved, lag(stage) over w as before_stage,
           lag(amount) over w as before_amount, lag(close_date) over w as before_date
    from deals.history where workspace = %(workspace)s and opportunity = %(deal)s window w as (order by number)
) as step
where at <= %(before)s and (moved and %(moves)s or not moved and %(changes)s)
order by at desc, id desc limit %(limit)s
"""
# Other fields; all that one act changed is one entry.
_CHANGES = """
select 'c' || min(id) as id, at, actor, 'change' as kind, 'changed' as what,
       jsonb_build_object('fields', jsonb_agg(jsonb_build_object('field', field, 'before', before, 'after', after)
                                              order by id), 'run', min(run)) as facts
from deals.change
where workspace = %(workspace)s and record = %(deal)s and at <= %(before)s
  and field <> all(%(elsewhere)s)
group by at, actor, version order by at desc limit %(limit)s
"""
_NOTES = """
select id, created_at as at, author as actor, 'note' as kind, 'added' as what,
       jsonb_build_object('title', title, 'text', left(text, 2000)) as facts
from deals.note where workspace = %(workspace)s and about = %(deal)s and deleted_at is null
  and created_at <= %(before)s order by created_at desc, id desc limit %(limit)s
"""
_TASKS = """
select * from (
    select id || ':made' as id, created_at as at, owner as actor, 'task' as kind, 'created' as what,
           jsonb_build_object('subject', subject, 'due', due, 'owner', owner, 'task', id) as facts
    from deals.task where workspace = %(workspace)s and about = %(deal)s and deleted_at is null
    union all
    select id || ':done', done_at, owner, 'task', 'done',
           jsonb_build_object('subject', subject, 'due', due, 'owner', owner, 'task', id)
    from deals.task where workspace = %(workspace)s and about = %(deal)s and deleted_at is null
      and done_at is not null
) as task where at <= %(before)s order by at desc, id desc limit %(limit)s
"""
_MEETINGS = """
select id, starts_at as at, owner as actor, 'meeting' as kind, status as what,
       jsonb_build_object('subject', subject, 'place', place, 'ends_at', ends_at, 'people', cardinality(contacts))
           as facts
from deals.meeting where workspace = %(workspace)s and about = %(deal)s and deleted_at is null
  and starts_at <= %(before)s order by starts_at desc, id desc limit %(limit)s
"""
_FILES = """
select id, created_at as at, author as actor, 'file' as kind, 'added' as what,
       jsonb_build_object('name', name, 'url', url, 'file', file) as facts
from deals.attachment where workspace = %(workspace)s and about = %(deal)s and deleted_at is null
  and created_at <= %(before)s order by created_at desc, id desc limit %(limit)s
"""
# What the history of stages says already, and what says nothing to a reader.
_ELSEWHERE = [
    "stage", "amount", "close_date", "probability", "forecast", "pipeline", "lines", "closed_at",
    "entered_stage_at", "entries",
]  # fmt: skip


async def entries(
    tx: Tx, workspace: str, deal: str, kinds: Collection[str], before: datetime, limit: int
) -> list[list[Entry]]:
    """A list for each statement, newest first, at most `limit` long."""
    asked = {
        "workspace": workspace, "deal": deal, "before": before, "limit": limit, "elsewhere": _ELSEWHERE,
        "moves": STAGE in kinds, "changes": CHANGE in kinds,
    }  # fmt: skip
    chosen = [
        (_MOVES, STAGE in kinds or CHANGE in kinds),
        (_CHANGES, CHANGE in kinds),
        (_NOTES, NOTE in kinds),
        (_TASKS, TASK in kinds),
        (_MEETINGS, MEETING in kinds),
        (_FILES, FILE in kinds),
    ]
    found = []
    for sql, wanted in chosen:
        if wanted:
            found.append([Entry(**row) for row in await tx.rows(sql, asked)])
    return found
