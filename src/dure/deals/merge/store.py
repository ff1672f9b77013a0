"""The SQL of duplicates and merges. Rows are taken and put back whole, as JSON that PostgreSQL itself writes and reads.

Tables and columns come from `relations`, never from outside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.deals.fields.model import CustomField
from dure.deals.merge.model import Merge, Touched
from dure.deals.merge.relations import Pointer, Relation
from dure.state import Tx

Rows = dict[tuple[str, str], dict[str, Any]]

# A key that more records share than this says nothing: a name of half the list, a switchboard's number.
_CROWD = 30

_PAIRS = """
with few as (
    select key from deals.match_key where workspace = %(w)s and object = %(object)s
    group by key having count(*) between 2 and %(crowd)s
)
select a.record as one, b.record as other, array_agg(a.key order by a.key) as keys
from few join deals.match_key a on a.workspace = %(w)s and a.object = %(object)s and a.key = few.key
join deals.match_key b on b.workspace = %(w)s and b.object = %(object)s and b.key = few.key and b.record > a.record
where not exists (
    select from deals.distinct_pair d where d.workspace = %(w)s and d.one = a.record and d.other = b.record
)
group by a.record, b.record
order by count(*) desc, max(a.key), a.record, b.record limit %(limit)s
"""


async def pairs(tx: Tx, workspace: str, object_: str, limit: int) -> list[tuple[str, str, list[str]]]:
    """Pairs of records that are found by the same, with what they share; those that share most first."""
    rows = await tx.rows(_PAIRS, {"w": workspace, "object": object_, "crowd": _CROWD, "limit": limit})
    return [(row["one"], row["other"], row["keys"]) for row in rows]


async def found_by(
    tx: Tx, workspace: str, object_: str, keys: Sequence[str], but: str, limit: int
) -> dict[str, list[str]]:
    """Records that are found by any of the keys, each with those."""
    rows = await tx.rows(
        "select record, array_agg(key) as keys from deals.match_key where workspace = %s and object = %s"
        " and key = any(%s) and record <> %s group by record order by count(*) desc, record limit %s",
        (workspace, object_, list(keys), but, limit),
    )
    return {row["record"]: row["keys"] for row in rows}


async def dismiss(tx: Tx, workspace: str, one: str, other: str, at: datetime, actor: str) -> None:
    await tx.run(
        "insert into deals.distinct_pair (workspace, one, other, at, actor) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (workspace, *sorted((one, other)), at, actor),
    )


async def own_fields(tx: Tx, workspace: str) -> list[CustomField]:
    """The workspace's fields that point at records, of every kind of record."""
    rows = await tx.rows("select * from deals.field where workspace = %s and type = 'reference'", (workspace,))
    return [
        CustomField(
            row["object"], row["name"], row["type"], row["label_ko"], row["label_en"], reference=row["reference"]
        )
        for row in rows
    ]


async def snapshot(tx: Tx, workspace: str, relations: Sequence[Relation], ids: Sequence[str]) -> Rows:
    """Every row that is about the records, whole, by table and key."""
    found: Rows = {}
    for one in relations:
        rows = await tx.rows(
            f"select to_jsonb(t) as told from {one.table} t where workspace = %(w)s and ({one.condition})",
            {"w": workspace, "ids": list(ids)},
        )
        for row in rows:
            found[(one.table, _key(one.key, row["told"]))] = row["told"]
    return found


async def again(tx: Tx, workspace: str, relations: Sequence[Relation], keys: Iterable[tuple[str, str]]) -> Rows:
    """The rows of these keys as they are now."""
    by_table: dict[str, list[str]] = {}
    for table, key in keys:
        by_table.setdefault(table, []).append(key)
    found: Rows = {}
    for one in relations:
        if wanted := by_table.get(one.table):
            columns = ", ".join(f"{name} text" for name in one.key)
            same = " and ".join(f"t.{name}::text = k.{name}" for name in one.key)
            rows = await tx.rows(
                f"select to_jsonb(t) as told from {one.table} t join jsonb_to_recordset(%s) as k({columns})"
                f" on {same} where t.workspace = %s",
                (Jsonb([json.loads(key) for key in wanted]), workspace),
            )
            for row in rows:
                found[(one.table, _key(one.key, row["told"]))] = row["told"]
    return found


def _key(columns: Sequence[str], row: Mapping[str, Any]) -> str:
    return json.dumps({name: row[name] for name in columns}, ensure_ascii=False, sort_keys=True)


# Tables whose rows are no records.
_NO_VERSION = ("deals.line_item", "deals.account_channel")


async def move(tx: Tx, workspace: str, pointer: Pointer, losers: Sequence[str], winner: str, now: datetime) -> int:
    """Lets what points at the losers point at the winner; records among them have changed by that."""
    changed = "" if pointer.table in _NO_VERSION else ", version = version + 1, changed_at = %(now)s"
    if pointer.custom:
        sets = f"custom = jsonb_set(custom, '{{{pointer.column}}}', to_jsonb(%(winner)s::text))"
        told = f"custom ->> '{pointer.column}'"
    else:
        sets, told = f"{pointer.column} = %(winner)s", pointer.column
    return await tx.run(
        f"update {pointer.table} set {sets}{changed} where workspace = %(w)s and {told} = any(%(losers)s)",
        {"w": workspace, "winner": winner, "losers": list(losers), "now": now},
    )


async def move_roles(tx: Tx, workspace: str, column: str, losers: Sequence[str], winner: str) -> int:
    """Contact roles by `column` (contact or opportunity): one that the winner has already gives way to it."""
    other = "contact" if column == "opportunity" else "opportunity"
    bound = {"w": workspace, "losers": list(losers), "winner": winner}
    await tx.run(
        f"delete from deals.contact_role r where workspace = %(w)s and {column} = any(%(losers)s) and exists"
        f" (select from deals.contact_role k where k.workspace = r.workspace and k.{other} = r.{other}"
        f" and (k.{column} = %(winner)s or (k.{column} = any(%(losers)s) and k.id < r.id)))",
        bound,
    )
    moved = await tx.run(
        f"update deals.contact_role set {column} = %(winner)s, is_primary = is_primary and not exists"
        f" (select from deals.contact_role k where k.workspace = %(w)s and k.opportunity = %(winner)s and k.is_primary)"
        f" where workspace = %(w)s and {column} = any(%(losers)s)",
        bound,
    )
    if column == "opportunity":
        await tx.run(
            "update deals.contact_role set is_primary = false where workspace = %(w)s and opportunity = %(winner)s"
            " and is_primary and id <> (select min(id) from deals.contact_role k where k.workspace = %(w)s"
            " and k.opportunity = %(winner)s and k.is_primary)",
            bound,
        )
    return moved


async def move_team(tx: Tx, workspace: str, losers: Sequence[str], winner: str) -> int:
    """Team members of merged deals: who is in the winner's team already keeps that role."""
    bound = {"w": workspace, "losers": list(losers), "winner": winner}
    await tx.run(
        "delete from deals.team_member m where workspace = %(w)s and opportunity = any(%(losers)s) and exists"
        " (select from deals.team_member k where k.workspace = m.workspace and k.member = m.member"
        " and (k.opportunity = %(winner)s or (k.opportunity = any(%(losers)s) and k.opportunity < m.opportunity)))",
        bound,
    )
    return await tx.run(
        "update deals.team_member set opportunity = %(winner)s"
        " where workspace = %(w)s and opportunity = any(%(losers)s)",
        bound,
    )


async def move_guests(tx: Tx, workspace: str, losers: Sequence[str], winner: str, now: datetime) -> int:
    """Meetings with a loser among their contacts: the winner takes that place, once."""
    return await tx.run(
        "update deals.meeting m set contacts = (select array_agg(c order by n) from (select c, min(n) as n from"
        " (select case when c = any(%(losers)s) then %(winner)s else c end as c, n"
        " from unnest(m.contacts) with ordinality as u(c, n)) said group by c) once),"
        " version = version + 1, changed_at = %(now)s where workspace = %(w)s and contacts && %(losers)s",
        {"w": workspace, "losers": list(losers), "winner": winner, "now": now},
    )


async def forget_told(tx: Tx, workspace: str, losers: Sequence[str]) -> None:
    """Nothing more is told of deals that are gone."""
    await tx.run("delete from deals.told where workspace = %s and opportunity = any(%s)", (workspace, list(losers)))


async def move_signs(tx: Tx, workspace: str, losers: Sequence[str], winner: str) -> int:
    """What was done about merged deals: a message that was about two of them counts once."""
    bound = {"w": workspace, "losers": list(losers), "winner": winner}
    await tx.run(
        "delete from deals.activity a where workspace = %(w)s and opportunity = any(%(losers)s) and exists"
        " (select from deals.activity k where k.workspace = a.workspace and k.message = a.message"
        " and (k.opportunity = %(winner)s or (k.opportunity = any(%(losers)s) and k.opportunity < a.opportunity)))",
        bound,
    )
    return await tx.run(
        "update deals.activity set opportunity = %(winner)s where workspace = %(w)s and opportunity = any(%(losers)s)",
        bound,
    )


async def work_out_anew(tx: Tx, workspace: str, winner: str, losers: Sequence[str]) -> None:
    """Health and chance follow from what a deal has, which is another now: the next look finds them of the deals that
    are open. They are no rows of the merge, for by its undoing they would be hours old."""
    ids = [winner, *losers]
    await tx.run("delete from deals.health where workspace = %s and opportunity = any(%s)", (workspace, list(losers)))
    await tx.run("update deals.health set stale = true where workspace = %s and opportunity = %s", (workspace, winner))
    await tx.run("delete from deals.win_chance where workspace = %s and opportunity = any(%s)", (workspace, ids))
    await tx.run("update deals.win_model set told_at = null where workspace = %s", (workspace,))


async def read_rooms_again(tx: Tx, workspace: str, deals: Sequence[str]) -> None:
    """What was said in the rooms of deals that were merged away went by unheard; it is read when they are back."""
    await tx.run(
        "insert into deals.catching_up (workspace, opportunity, channel)"
        " select workspace, id, channel from deals.opportunity"
        " where workspace = %s and id = any(%s) and channel <> '' and deleted_at is null on conflict do nothing",
        (workspace, list(deals)),
    )


async def lines_of(tx: Tx, workspace: str, deal: str) -> tuple[int, int]:
    """How many lines a deal has, and their sum."""
    row = await tx.row(
        "select count(*) as n, coalesce(sum(amount), 0)::bigint as total from deals.line_item"
        " where workspace = %s and opportunity = %s",
        (workspace, deal),
    )
    return (int(row["n"]), int(row["total"])) if row else (0, 0)


async def clear_externals(tx: Tx, workspace: str, table: str, ids: Sequence[str]) -> None:
    """Two rows never have the same external id, not even between two statements."""
    await tx.run(f"update {table} set external = '' where workspace = %s and id = any(%s)", (workspace, list(ids)))


async def put_back(
    tx: Tx, workspace: str, relation: Relation, key: Mapping[str, Any], row: Mapping[str, Any] | None
) -> None:
    """Makes a row what it was: there with every column as it was, or not there."""
    same = " and ".join(f"{name} = %({name})s" for name in relation.key)
    await tx.run(f"delete from {relation.table} where workspace = %(w)s and {same}", {"w": workspace, **key})
    if row is not None:
        await tx.run(
            f"insert into {relation.table} select * from jsonb_populate_record(null::{relation.table}, %s)",
            (Jsonb(dict(row)),),
        )


async def overwrite(tx: Tx, workspace: str, relation: Relation, key: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """The same for a row that others refer to: it stays where it is and gets every column."""
    same = " and ".join(f"{name} = %({name})s" for name in relation.key)
    names = [name for name in row if name not in ("workspace", *relation.key)]
    await tx.run(
        f"update {relation.table} t set ({', '.join(names)}) = (select {', '.join(f'p.{name}' for name in names)}"
        f" from jsonb_populate_record(null::{relation.table}, %(row)s) p) where workspace = %(w)s and {same}",
        {"w": workspace, "row": Jsonb(dict(row)), **key},
    )


async def add(tx: Tx, workspace: str, merge: Merge, touched: Sequence[Touched]) -> None:
    await tx.run(
        "insert into deals.merge (workspace, id, object, winner, losers, choices, at, actor)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace, merge.id, merge.object, merge.winner, list(merge.losers), Jsonb(dict(merge.choices)), merge.at,
         merge.actor),
    )  # fmt: skip
    await tx.many(
        "insert into deals.merge_row (workspace, merge, number, relation, key, before, after)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, merge.id, number, one.relation, Jsonb(dict(one.key)), _json(one.before), _json(one.after))
            for number, one in enumerate(touched, start=1)
        ],
    )


async def one(tx: Tx, workspace: str, merge_id: str) -> Merge | None:
    """The merge, which nobody else undoes until the transaction ends."""
    row = await tx.row("select * from deals.merge where workspace = %s and id = %s for update", (workspace, merge_id))
    return None if row is None else _merge(row)


async def merges(tx: Tx, workspace: str, record: str, limit: int) -> list[Merge]:
    """Newest first; of one record where `record` names it."""
    rows = await tx.rows(
        "select * from deals.merge where workspace = %(w)s and (%(record)s = '' or winner = %(record)s"
        " or %(record)s = any(losers)) order by at desc, id limit %(limit)s",
        {"w": workspace, "record": record, "limit": limit},
    )
    return [_merge(row) for row in rows]


async def touched(tx: Tx, workspace: str, merge_id: str) -> list[Touched]:
    rows = await tx.rows(
        "select * from deals.merge_row where workspace = %s and merge = %s order by number", (workspace, merge_id)
    )
    return [Touched(row["relation"], row["key"], row["before"], row["after"]) for row in rows]


async def mark_undone(tx: Tx, workspace: str, merge_id: str, at: datetime, actor: str) -> None:
    await tx.run(
        "update deals.merge set undone_at = %s, undone_by = %s where workspace = %s and id = %s",
        (at, actor, workspace, merge_id),
    )


def _json(row: Mapping[str, Any] | None) -> Jsonb | None:
    return None if row is None else Jsonb(dict(row))


def _merge(row: Mapping[str, Any]) -> Merge:
    return Merge(
        row["id"], row["object"], row["winner"], tuple(row["losers"]), row["choices"], row["at"], row["actor"],
        row["undone_at"], row["undone_by"],
    )  # fmt: skip
