"""What recommendations keep in PostgreSQL: catalogue, tokens, histories, what was learned, how kinds did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncServerCursor
from psycopg.types.json import Jsonb

from dure.campaigns.recommending.model import Item, Selectors, Standing, Token
from dure.state import Tx

_STANDING = (
    "catalogue, read_to, read_at, version, fitted_at, seconds, people, tokens, listens, stage, done, total, cancel,"
    " wanted, error, measured_at, learned_from, arrived, erased"
)

# -- how far we are -------------------------------------------------------------------------------------------------


async def standing(tx: Tx, workspace: str) -> Standing | None:
    """None where nothing was ever consumed or loaded here."""
    row = await tx.row(f"select selectors, {_STANDING} from campaigns.recommending where workspace = %s", (workspace,))
    return _standing(row) if row else None


async def standings(tx: Tx) -> list[tuple[str, str, Standing]]:
    """Organisation, workspace and standing of all."""
    rows = await tx.rows(f"select org, workspace, selectors, {_STANDING} from campaigns.recommending order by 2")
    return [(row.pop("org"), row.pop("workspace"), _standing(row)) for row in rows]


async def begin(tx: Tx, org: str, workspace: str) -> None:
    """A workspace's standing, where it has none yet."""
    await tx.run(
        "insert into campaigns.recommending (workspace, org, selectors) values (%s, %s, %s) on conflict do nothing",
        (workspace, org, Jsonb(msgspec.to_builtins(Selectors()))),
    )


async def note(tx: Tx, workspace: str, **values: Any) -> None:
    """Changes these columns of a standing."""
    names = ", ".join(f"{name} = %({name})s" for name in values)
    await tx.run(f"update campaigns.recommending set {names} where workspace = %(w)s", {"w": workspace, **values})


async def stands(tx: Tx, workspace: str, selectors: Selectors, erased: int | None = None) -> bool:
    """Whether these selectors still hold, and nobody was erased since there were `erased` erasures; until the
    transaction ends it stays so, and only one at a time is told: who shares the row and then changes it waits for
    another who does the same, for ever."""
    return bool(
        await tx.value(
            "select selectors = %s and erased = coalesce(%s::bigint, erased) from campaigns.recommending"
            " where workspace = %s for no key update",
            (Jsonb(msgspec.to_builtins(selectors)), erased, workspace),
        )
    )


async def start_over(tx: Tx, workspace: str, selectors: Selectors) -> None:
    """Other events say what people like: all that was read is read again."""
    for table in ("history", "token", "taste", "kind_outcome"):
        await tx.run(f"delete from campaigns.{table} where workspace = %s", (workspace,))
    await note(
        tx, workspace, selectors=Jsonb(msgspec.to_builtins(selectors)), read_to=None, read_at=None, fitted_at=None,
        learned_from=0, people=0, tokens=0, listens=0, error="", measured_at=None,
    )  # fmt: skip
    await tx.run("update campaigns.recommending set version = version + 1 where workspace = %s", (workspace,))


# One process at a time, for as long as its connection holds it.
TURN = "select pg_try_advisory_lock(hashtextextended(%s, 12)) as turn"


# -- the catalogue --------------------------------------------------------------------------------------------------


async def turn_page(tx: Tx, workspace: str) -> int:
    """The number that the next change of the catalogue carries. Changes wait for one another, so that whoever has seen
    a number has seen all below it."""
    return int(
        await tx.value(
            "update campaigns.recommending set catalogue = catalogue + 1 where workspace = %s returning catalogue",
            (workspace,),
        )
    )


async def save_items(tx: Tx, workspace: str, items: Sequence[Item], now: datetime, changed: int) -> None:
    """Adds or replaces; when an item was first there stays."""
    await tx.run(
        "insert into campaigns.item (workspace, id, title, creator, genre, url, changed_at, kind, language, live_from,"
        " live_to, blocked, attributes, created_at, changed)"
        " select %(workspace)s, i, t::jsonb, c, g, u, %(now)s, k, l, f, o, b, a::jsonb, %(now)s, %(changed)s"
        " from unnest(%(ids)s::text[], %(titles)s::text[], %(creators)s::text[], %(genres)s::text[], %(urls)s::text[],"
        " %(kinds)s::text[], %(languages)s::text[], %(from)s::timestamptz[], %(to)s::timestamptz[],"
        " %(blocked)s::boolean[], %(attributes)s::text[]) as x (i, t, c, g, u, k, l, f, o, b, a)"
        " on conflict (workspace, id) do update set title = excluded.title, creator = excluded.creator,"
        " genre = excluded.genre, url = excluded.url, changed_at = excluded.changed_at, kind = excluded.kind,"
        " language = excluded.language, live_from = excluded.live_from, live_to = excluded.live_to,"
        " blocked = excluded.blocked, attributes = excluded.attributes, changed = excluded.changed",
        {
            "workspace": workspace, "now": now, "changed": changed, "ids": [item.id for item in items],
            "titles": [msgspec.json.encode(dict(item.title)).decode() for item in items],
            "creators": [item.creator for item in items], "genres": [item.genre for item in items],
            "urls": [item.url for item in items], "kinds": [item.kind for item in items],
            "languages": [item.language for item in items], "from": [item.live_from for item in items],
            "to": [item.live_to for item in items], "blocked": [item.blocked for item in items],
            "attributes": [msgspec.json.encode(dict(item.attributes)).decode() for item in items],
        },
    )  # fmt: skip


async def aired(tx: Tx, workspace: str, items: Sequence[Item], now: datetime, changed: int) -> None:
    """What went on or off air by the log's word: an item that is not there is added, one that is gets its times."""
    await tx.run(
        "insert into campaigns.item (workspace, id, title, creator, genre, url, changed_at, language, live_from,"
        " live_to, created_at, changed)"
        " select %(workspace)s, i, jsonb_build_object('ko', t, 'en', t), c, g, u, %(now)s, l, f, o, %(now)s,"
        " %(changed)s from unnest(%(ids)s::text[], %(titles)s::text[], %(creators)s::text[], %(genres)s::text[],"
        " %(urls)s::text[], %(languages)s::text[], %(from)s::timestamptz[], %(to)s::timestamptz[])"
        " as x (i, t, c, g, u, l, f, o)"
        " on conflict (workspace, id) do update set changed_at = excluded.changed_at, changed = excluded.changed,"
        " live_from = coalesce(excluded.live_from, campaigns.item.live_from),"
        " live_to = case when excluded.live_from > excluded.live_to then null else excluded.live_to end,"
        " creator = coalesce(nullif(campaigns.item.creator, ''), excluded.creator),"
        " genre = coalesce(nullif(campaigns.item.genre, ''), excluded.genre)",
        {
            "workspace": workspace, "now": now, "changed": changed, "ids": [item.id for item in items],
            "titles": [next(iter(item.title.values())) for item in items],
            "creators": [item.creator for item in items], "genres": [item.genre for item in items],
            "urls": [item.url for item in items], "languages": [item.language for item in items],
            "from": [item.live_from for item in items], "to": [item.live_to for item in items],
        },
    )  # fmt: skip


async def block_items(tx: Tx, workspace: str, ids: Sequence[str], blocked: bool, now: datetime, changed: int) -> int:
    return await tx.run(
        "update campaigns.item set blocked = %s, changed_at = %s, changed = %s where workspace = %s and id = any(%s)",
        (blocked, now, changed, workspace, list(ids)),
    )


async def block_creator(tx: Tx, workspace: str, creator: str, blocked: bool, by: str, now: datetime) -> None:
    if blocked:
        await tx.run(
            "insert into campaigns.blocked_creator values (%s, %s, %s, %s) on conflict do nothing",
            (workspace, creator, by, now),
        )
    else:
        await tx.run(
            "delete from campaigns.blocked_creator where workspace = %s and creator = %s", (workspace, creator)
        )


async def blocked_creators(tx: Tx, workspace: str) -> dict[str, datetime]:
    rows = await tx.rows(
        "select creator, at from campaigns.blocked_creator where workspace = %s order by creator", (workspace,)
    )
    return {row["creator"]: row["at"] for row in rows}


async def items(
    tx: Tx, workspace: str, only: Sequence[str] | None = None, *, changed_after: int | None = None
) -> dict[str, Item]:
    """The catalogue by id; only the items named, or only what changed after a number."""
    rows = await tx.rows(
        "select * from campaigns.item where workspace = %(workspace)s"
        " and (%(only)s::text[] is null or id = any(%(only)s))"
        " and (%(after)s::bigint is null or changed > %(after)s)",
        {"workspace": workspace, "only": None if only is None else list(only), "after": changed_after},
    )
    return {row["id"]: item_of(row) for row in rows}


async def page(
    tx: Tx, workspace: str, text: str, kind: str, only: str, now: datetime, limit: int, offset: int
) -> tuple[int, list[Item]]:
    """How many items fit, and some of them, newest first. `only` is `live`, `ended`, `blocked` or empty."""
    where = (
        " where workspace = %(w)s and (%(kind)s = '' or kind = %(kind)s) and (%(text)s = '' or"
        " strpos(lower(id || ' ' || title::text || ' ' || creator || ' ' || genre), lower(%(text)s)) > 0)"
        " and case %(only)s when 'live' then not blocked and live_from <= %(now)s and (live_to is null or"
        " live_to > %(now)s) when 'ended' then live_to <= %(now)s when 'blocked' then blocked else true end"
    )
    bound = {"w": workspace, "kind": kind, "text": text, "only": only, "now": now, "limit": limit, "offset": offset}
    count = int(await tx.value(f"select count(*) from campaigns.item{where}", bound))
    rows = await tx.rows(
        f"select * from campaigns.item{where} order by created_at desc, id limit %(limit)s offset %(offset)s", bound
    )
    return count, [item_of(row) for row in rows]


def item_of(row: Mapping[str, Any]) -> Item:
    return Item(
        row["id"], row["title"], row["creator"], row["genre"], row["url"], row["kind"], row["language"],
        row["live_from"], row["live_to"], row["blocked"], row["attributes"], row["created_at"],
    )  # fmt: skip


# -- tokens and histories -------------------------------------------------------------------------------------------


async def tokens(tx: Tx, workspace: str) -> list[Token]:
    """By number, from 1 on."""
    rows = await tx.rows(
        "select number, what, id, genre, listeners, heat, heat_at from campaigns.token where workspace = %s"
        " order by number", (workspace,),
    )  # fmt: skip
    return [Token(**row) for row in rows]


async def name_tokens(tx: Tx, workspace: str, named: Collection[tuple[str, str, str]]) -> dict[tuple[str, str], int]:
    """Numbers for (what, id, genre): old ones stay, new ones go on from the last."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 13))", (f"tokens:{workspace}",))
    what, ids, genres = (list(each) for each in zip(*named, strict=True)) if named else ([], [], [])
    rows = await tx.rows(
        "with named as (select w, i, g from unnest(%(what)s::text[], %(ids)s::text[], %(genres)s::text[])"
        " as x (w, i, g)), old as (update campaigns.token as t set genre = coalesce(nullif(n.g, ''), t.genre)"
        " from named n where t.workspace = %(w)s and t.what = n.w and t.id = n.i returning t.what, t.id, t.number),"
        " new as (insert into campaigns.token (workspace, number, what, id, genre)"
        " select %(w)s, (select coalesce(max(number), 0) from campaigns.token where workspace = %(w)s)"
        " + row_number() over (order by n.w desc, n.i), n.w, n.i, n.g from named n where not exists"
        " (select from campaigns.token t where t.workspace = %(w)s and t.what = n.w and t.id = n.i)"
        " returning what, id, number) select * from old union all select * from new",
        {"w": workspace, "what": what, "ids": ids, "genres": genres},
    )
    return {(row["what"], row["id"]): row["number"] for row in rows}


async def warm_tokens(
    tx: Tx, workspace: str, numbers: Sequence[int], plays: Sequence[int], listeners: Sequence[int], now: int,
    half_life: float,
) -> None:  # fmt: skip
    """Adds what was counted; what was there has cooled meanwhile."""
    await tx.run(
        "update campaigns.token as t set listeners = t.listeners + x.l, heat_at = %(now)s,"
        " heat = t.heat * power(0.5, least(greatest(%(now)s - t.heat_at, 0) / %(half)s, 500)) + x.p"
        " from unnest(%(n)s::int[], %(p)s::int[], %(l)s::int[]) as x (n, p, l)"
        " where t.workspace = %(w)s and t.number = x.n",
        {"w": workspace, "n": list(numbers), "p": list(plays), "l": list(listeners), "now": now, "half": half_life},
    )


async def histories(tx: Tx, workspace: str, people: Sequence[UUID], *, lock: bool = False) -> list[bytes]:
    """Each person's entries in the order of `people`, b"" where there are none."""
    rows = await tx.rows(
        "select person, entries from campaigns.history where workspace = %s and person = any(%s)"
        f"{' order by person for update' if lock else ''}", (workspace, list(people)), binary=True,
    )  # fmt: skip
    found = {row["person"]: bytes(row["entries"]) for row in rows}
    return [found.get(person, b"") for person in people]


async def save_histories(tx: Tx, workspace: str, people: Sequence[UUID], rows: Sequence[bytes]) -> None:
    await tx.run(
        "insert into campaigns.history (workspace, person, entries)"
        " select %s, p, e from unnest(%s::uuid[], %s::bytea[]) as x (p, e)"
        " on conflict (workspace, person) do update set entries = excluded.entries",
        (workspace, list(people), list(rows)),
    )


async def drop_histories(tx: Tx, workspace: str, people: Collection[UUID]) -> None:
    await tx.run("delete from campaigns.history where workspace = %s and person = any(%s)", (workspace, list(people)))


def all_histories(tx: Tx) -> AsyncServerCursor[dict[str, Any]]:
    """Everybody's, to be read in parts."""
    cursor = AsyncServerCursor(tx.connection, "histories", row_factory=tx.connection.row_factory)
    cursor.itersize = 5_000
    return cursor


ALL_HISTORIES = "select entries from campaigns.history where workspace = %s order by person"


# -- what was learned -----------------------------------------------------------------------------------------------


async def save_taste(tx: Tx, workspace: str, version: int, name: str, arrays: bytes) -> None:
    await tx.run("insert into campaigns.taste values (%s, %s, %s, %s)", (workspace, version, name, arrays))


async def drop_tastes(tx: Tx, workspace: str, before: int) -> None:
    await tx.run("delete from campaigns.taste where workspace = %s and version < %s", (workspace, before))


async def tastes(tx: Tx, workspace: str, version: int) -> dict[str, bytes]:
    rows = await tx.rows(
        "select name, arrays from campaigns.taste where workspace = %s and version = %s", (workspace, version),
        binary=True,
    )  # fmt: skip
    return {row["name"]: bytes(row["arrays"]) for row in rows}


# -- how kinds did --------------------------------------------------------------------------------------------------


async def save_outcomes(tx: Tx, workspace: str, counts: Mapping[str, tuple[int, int, int, int]]) -> None:
    """Replaces what was counted before."""
    await tx.run("delete from campaigns.kind_outcome where workspace = %s", (workspace,))
    await tx.many(
        "insert into campaigns.kind_outcome values (%s, %s, %s, %s, %s, %s)",
        [(workspace, kind, *each) for kind, each in counts.items()],
    )


async def outcomes(tx: Tx, workspace: str) -> dict[str, tuple[int, int, int, int]]:
    """Shown, clicked, consumed and won by kind."""
    rows = await tx.rows(
        "select kind, shown, clicked, consumed, won from campaigns.kind_outcome where workspace = %s", (workspace,)
    )
    return {row["kind"]: (row["shown"], row["clicked"], row["consumed"], row["won"]) for row in rows}


def _standing(row: dict[str, Any]) -> Standing:
    return Standing(msgspec.convert(row.pop("selectors"), Selectors), **row)
