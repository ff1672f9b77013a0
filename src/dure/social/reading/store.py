"""Reading's only SQL: corrections, the names that are listened for, layers and which of them reads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.reading.entities import Name
from dure.state import Tx

_LAYER = "version, state, progress, by, asked_at, made_at, corrections, figures"

# -- who reads ------------------------------------------------------------------------------------------------------


async def reader(tx: Tx, workspace: str) -> tuple[int, int]:
    """The layer that reads (0: none) and the state of the names."""
    row = await tx.row("select layer, names from social.reader where workspace = %s", (workspace,))
    return (row["layer"], row["names"]) if row else (0, 0)


async def set_layer(tx: Tx, tenant: Tenant, version: int) -> None:
    await tx.run(
        "insert into social.reader (workspace, org, layer) values (%s, %s, %s)"
        " on conflict (workspace) do update set layer = excluded.layer",
        (tenant.workspace, tenant.org, version),
    )


async def weights(tx: Tx, workspace: str, version: int) -> bytes | None:
    row = await tx.row(
        "select weights from social.layer where workspace = %s and version = %s and state = 'ready'",
        (workspace, version),
    )
    return bytes(row["weights"]) if row else None


# -- names ----------------------------------------------------------------------------------------------------------


async def names(tx: Tx, workspace: str) -> list[tuple[uuid.UUID, Name]]:
    rows = await tx.rows(
        "select id, kind, name, aliases from social.name where workspace = %s order by kind, lower(name)", (workspace,)
    )
    return [(row["id"], Name(kind=row["kind"], name=row["name"], aliases=tuple(row["aliases"]))) for row in rows]


async def keep_name(tx: Tx, tenant: Tenant, name_id: uuid.UUID, name: Name) -> None:
    await tx.run(
        "insert into social.name (workspace, org, id, kind, name, aliases) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, id) do update set kind = excluded.kind, name = excluded.name,"
        " aliases = excluded.aliases",
        (tenant.workspace, tenant.org, name_id, name.kind, name.name, list(name.aliases)),
    )


async def remove_name(tx: Tx, tenant: Tenant, name_id: uuid.UUID) -> None:
    await tx.run("delete from social.name where workspace = %s and id = %s", (tenant.workspace, name_id))


async def take_names(tx: Tx, tenant: Tenant) -> None:
    """Before names change: others wait, and what processes keep of them is out of date afterwards."""
    await tx.run(
        "insert into social.reader (workspace, org, names) values (%s, %s, 1)"
        " on conflict (workspace) do update set names = social.reader.names + 1",
        (tenant.workspace, tenant.org),
    )


# -- corrections ----------------------------------------------------------------------------------------------------


async def keep_correction(
    tx: Tx, tenant: Tenant, mention: uuid.UUID, *, audit: bool, by: str, at: datetime, was: Mapping[str, Any],
    says: Mapping[str, Any],
) -> None:  # fmt: skip
    """A second one of the same mention takes the first one's place, but for what the reader had said."""
    await tx.run(
        "insert into social.correction as c (workspace, org, mention, audit, by, at, was, says)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, mention) do update"
        " set audit = c.audit or excluded.audit, by = excluded.by, at = excluded.at, says = c.says || excluded.says",
        (tenant.workspace, tenant.org, mention, audit, by, at, Jsonb(dict(was)), Jsonb(dict(says))),
    )


async def corrections(tx: Tx, workspace: str, limit: int, *, audit: bool | None = None) -> list[dict[str, Any]]:
    """The newest first, with the mention's text and language."""
    which = "" if audit is None else " and c.audit = %(audit)s"
    return await tx.rows(
        "select c.mention, c.audit, c.by, c.at, c.was, c.says, m.text, m.language, m.original, m.network, m.author"
        " from social.correction c join social.mention m on m.workspace = c.workspace and m.id = c.mention"
        f" where c.workspace = %(workspace)s and m.text <> ''{which}"
        " order by c.at desc, c.mention desc limit %(limit)s",
        {"workspace": workspace, "limit": limit, "audit": audit},
    )


async def counted(tx: Tx, workspace: str) -> dict[str, int]:
    """How many corrections there are, `learned` from and judged in an `audit`."""
    row = await tx.row(
        "select count(*) filter (where not audit) as learned, count(*) filter (where audit) as audit"
        " from social.correction where workspace = %s",
        (workspace,),
    )
    return dict(row or {"learned": 0, "audit": 0})


async def to_judge(tx: Tx, workspace: str, limit: int) -> list[uuid.UUID]:
    """Mentions that chance picks among the newest ten thousand: those whose ids hash lowest and nobody judged yet.

    Corrected ones are among them; without those the reader would look better than it is.
    """
    rows = await tx.rows(
        "select id from (select id from social.mention where workspace = %(workspace)s and original = id and text <> ''"
        " and not own order by posted_at desc, id desc limit 10000) m where not exists (select from social.correction c"
        " where c.workspace = %(workspace)s and c.mention = m.id and c.audit) order by md5(id::text) limit %(limit)s",
        {"workspace": workspace, "limit": limit},
    )
    return [row["id"] for row in rows]


# -- layers ---------------------------------------------------------------------------------------------------------


async def layers(tx: Tx, workspace: str, limit: int) -> list[dict[str, Any]]:
    return await tx.rows(
        f"select {_LAYER} from social.layer where workspace = %s order by version desc limit %s", (workspace, limit)
    )


async def ask(tx: Tx, tenant: Tenant, by: str, at: datetime) -> int | None:
    """Asks for a layer; None where one is being made."""
    version: int | None = await tx.value(
        "insert into social.layer (workspace, org, version, state, by, asked_at)"
        " select %(w)s, %(o)s, coalesce(max(version), 0) + 1, 'waiting', %(by)s, %(at)s from social.layer"
        " where workspace = %(w)s having count(*) filter (where state in ('waiting', 'training')) = 0"
        " on conflict do nothing returning version",
        {"w": tenant.workspace, "o": tenant.org, "by": by, "at": at},
    )
    return version


async def due(tx: Tx, fewest: int) -> list[Tenant]:
    """Whose corrections since the last layer was asked for are many enough for another."""
    rows = await tx.rows(
        "select c.org, c.workspace from social.correction c left join (select workspace, max(asked_at) as at,"
        " bool_or(state in ('waiting', 'training')) as busy from social.layer group by workspace) l using (workspace)"
        " where not c.audit and not coalesce(l.busy, false) and (l.at is null or c.at > l.at)"
        " group by c.org, c.workspace having count(*) >= %s order by c.workspace",
        (fewest,),
    )
    return [Tenant(row["org"], row["workspace"]) for row in rows]


async def claim(tx: Tx, now: datetime, until: datetime) -> tuple[Tenant, int, str] | None:
    """Takes the oldest layer that was asked for: whose, its number and who asked."""
    row = await tx.row(
        "update social.layer l set state = 'training', held_until = %(until)s from (select workspace, version"
        " from social.layer where state = 'waiting' or (state = 'training' and held_until < %(now)s)"
        " order by asked_at, workspace limit 1 for update skip locked) taken"
        " where l.workspace = taken.workspace and l.version = taken.version"
        " returning l.org, l.workspace, l.version, l.by",
        {"now": now, "until": until},
    )
    return None if row is None else (Tenant(row["org"], row["workspace"]), row["version"], row["by"])


async def hold(tx: Tx, workspace: str, version: int, progress: float, until: datetime) -> None:
    await tx.run(
        "update social.layer set progress = %s, held_until = %s where workspace = %s and version = %s"
        " and state = 'training'",
        (progress, until, workspace, version),
    )


async def finish(
    tx: Tx, workspace: str, version: int, *, state: str, at: datetime, corrections: int, weights: bytes | None,
    figures: Mapping[str, Any],
) -> bool:  # fmt: skip
    """Whether the layer was still in hand."""
    done = await tx.run(
        "update social.layer set state = %s, progress = 1, made_at = %s, corrections = %s, weights = %s, figures = %s,"
        " held_until = null where workspace = %s and version = %s and state = 'training'",
        (state, at, corrections, weights, Jsonb(dict(figures)), workspace, version),
    )
    return done > 0
