"""Routing's SQL that counts: how much goes by itself, how right it is, how long it takes to reach its owner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.state import Tx

_OF = (
    " from social.decision d join social.mention m on m.workspace = d.workspace and m.id = d.mention"
    " where d.workspace = %(w)s and d.at >= %(since)s and m.original = m.id and m.deleted_at is null"
)


async def whole(tx: Tx, workspace: str, since: datetime) -> dict[str, Any]:
    """All decisions since: by whom, asked at random and answered, moved by people after they had an owner, and seconds
    from arrival to the owner that people confirmed."""
    row = await tx.row(
        "select count(*) as mentions, count(*) filter (where d.by = 'rule') as by_rule,"
        " count(*) filter (where d.by = 'model') as by_model,"
        " count(*) filter (where d.by = 'nobody' and m.spam < 0.9) as left_open,"
        " count(*) filter (where d.by = 'nobody' and m.spam < 0.9 and m.state = 'new') as waiting,"
        " count(*) filter (where d.audit) as sampled, count(*) filter (where d.audit and d.verdict <> '') as answered,"
        " count(*) filter (where d.audit and d.verdict <> '' and d.answer = d.function"
        "   and not d.answer = any(d.refused)) as right,"
        " count(*) filter (where d.function <> '') as routed,"
        " count(*) filter (where d.function <> '' and d.moves > 0) as transferred,"
        " percentile_cont(0.5) within group (order by extract(epoch from d.owned_at - m.arrived_at))"
        "   filter (where d.verdict in ('accepted', 'moved')) as owner_median,"
        " percentile_cont(0.9) within group (order by extract(epoch from d.owned_at - m.arrived_at))"
        "   filter (where d.verdict in ('accepted', 'moved')) as owner_p90" + _OF,
        {"w": workspace, "since": since},
    )
    return row or {}


async def by_function(tx: Tx, workspace: str, since: datetime, share: float) -> list[dict[str, Any]]:
    """A row a function. Precision is of the answered sample; recall weighs each answer by how likely it was asked, so
    that what people merely happened to correct does not bend it."""
    return await tx.rows(
        "with judged as (select d.*, case when d.by = 'model' then (case when d.audit then 1 / %(share)s else 0 end)"
        "   else 1 end as weight, d.verdict <> '' and not d.answer = any(d.refused) as named" + _OF + "),"
        " functions as (select function as name from judged where function <> ''"
        "   union select answer from judged where answer <> '')"
        " select f.name as function, count(*) filter (where j.function = f.name) as routed,"
        " count(*) filter (where j.function = f.name and j.by = 'rule') as by_rule,"
        " count(*) filter (where j.function = f.name and j.audit) as sampled,"
        " count(*) filter (where j.function = f.name and j.audit and j.verdict <> '') as answered,"
        " count(*) filter (where j.function = f.name and j.audit and j.named and j.answer = f.name) as right,"
        " count(*) filter (where j.function = f.name and j.verdict = 'accepted') as accepted,"
        " count(*) filter (where j.function = f.name and j.moves > 0) as moved_away,"
        " count(*) filter (where j.verdict = 'moved' and j.answer = f.name and j.function <> f.name) as moved_in,"
        " sum(j.weight) filter (where j.named and j.answer = f.name and j.function = f.name) as found,"
        " sum(j.weight) filter (where j.named and j.answer = f.name) as there"
        " from functions f cross join judged j group by f.name order by routed desc, f.name",
        {"w": workspace, "since": since, "share": max(share, 0.001)},
    )
