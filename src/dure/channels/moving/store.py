"""Imports in PostgreSQL: each with how far it is, whose names are whose, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.channels.moving.model import Choices, Left, Moving, Progress
from dure.state import Tx

_NAMES = (
    "id", "org", "workspace", "name", "size", "sha256", "made_by", "made_at", "state", "why", "preview", "attempt",
    "began_by", "ended_at", "gone_at",
)  # fmt: skip
_CLAIM = """
update channels.moving set attempt = attempt + 1, lease_until = %(until)s,
    state = case state when 'waiting' then 'running' else state end
where id = (
    select id from channels.moving m
    where (state in ('reading', 'waiting') or state = 'running') and (lease_until is null or lease_until < %(now)s)
      and not exists (select from channels.moving o where o.workspace = m.workspace and o.state = 'running'
                      and o.id <> m.id and m.state <> 'reading' and o.lease_until >= %(now)s)
    order by made_at limit 1 for update skip locked
) returning *
"""


async def add(tx: Tx, one: Moving) -> None:
    await tx.run(
        "insert into channels.moving (id, org, workspace, name, size, sha256, state, made_by, made_at, gone_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (one.id, one.org, one.workspace, one.name, one.size, one.sha256, one.state, one.made_by, one.made_at,
         one.gone_at),
    )  # fmt: skip


async def listed(tx: Tx, org: str, workspace: str) -> list[Moving]:
    rows = await tx.rows(
        "select *, null::jsonb as preview from channels.moving where org = %s and workspace = %s"
        " order by made_at desc limit 100",
        (org, workspace),
    )
    return [_moving(row) for row in rows]


async def find(tx: Tx, org: str, workspace: str, moving: str) -> Moving | None:
    row = await tx.row(
        "select * from channels.moving where org = %s and workspace = %s and id = %s for update",
        (org, workspace, moving),
    )
    return None if row is None else _moving(row)


async def claim(tx: Tx, now: datetime, until: datetime) -> Moving | None:
    """One to be read or brought in that nobody works on, for this worker alone; one at a time in a workspace."""
    row = await tx.row(_CLAIM, {"now": now, "until": until})
    return None if row is None else _moving(row)


async def note(tx: Tx, one: Moving, until: datetime) -> bool:
    """Writes how far it is; False where it was stopped, or another worker took it over."""
    return bool(
        await tx.run(
            "update channels.moving set progress = %s, lease_until = %s where id = %s and attempt = %s"
            " and state in ('reading', 'running')",
            (Jsonb(asdict(one.progress)), until, one.id, one.attempt),
        )
    )


async def end(tx: Tx, one: Moving) -> bool:
    """Ends the attempt; False where it is no longer its worker's to end."""
    return bool(
        await tx.run(
            "update channels.moving set state = %s, why = %s, preview = %s, progress = %s, ended_at = %s,"
            " lease_until = null where id = %s and attempt = %s and state in ('reading', 'running')",
            (one.state, one.why, None if one.preview is None else Jsonb(one.preview), Jsonb(asdict(one.progress)),
             one.ended_at, one.id, one.attempt),
        )
    )  # fmt: skip


async def save(tx: Tx, one: Moving) -> None:
    """What somebody chose, began or stopped."""
    await tx.run(
        "update channels.moving set state = %s, why = %s, choices = %s, began_by = %s, ended_at = %s,"
        " lease_until = null where id = %s",
        (one.state, one.why, Jsonb(asdict(one.choices)), one.began_by, one.ended_at, one.id),
    )


async def drop_bytes(tx: Tx, moving: str, now: datetime) -> None:
    await tx.run(
        "update channels.blob b set used_at = %s from channels.moving m where m.id = %s and b.sha256 = m.sha256",
        (now, moving),
    )
    await tx.run(
        "update channels.moving set sha256 = '', state = 'gone', ended_at = coalesce(ended_at, %s), lease_until = null"
        " where id = %s",
        (now, moving),
    )


async def over(tx: Tx, now: datetime) -> list[str]:
    rows = await tx.rows(
        "select id from channels.moving where gone_at <= %s and state not in ('reading', 'waiting', 'running', 'gone')",
        (now,),
    )
    return [row["id"] for row in rows]


# -- whose names are whose --------------------------------------------------------------------------------------------


async def names(tx: Tx, workspace: str, kind: str) -> dict[str, str]:
    rows = await tx.rows(
        "select theirs, ours from channels.moving_name where workspace = %s and kind = %s", (workspace, kind)
    )
    return {row["theirs"]: row["ours"] for row in rows}


async def keep_names(tx: Tx, workspace: str, kind: str, found: Mapping[str, str]) -> None:
    await tx.run(
        "insert into channels.moving_name (workspace, kind, theirs, ours)"
        " select %s, %s, t, o from unnest(%s::text[], %s::text[]) as given(t, o)"
        " on conflict (workspace, kind, theirs) do update set ours = excluded.ours",
        (workspace, kind, list(found), list(found.values())),
    )


async def handles(tx: Tx, workspace: str) -> dict[str, str]:
    """User groups by their handles."""
    rows = await tx.rows(
        "select handle, id from channels.user_group where workspace = %s and deleted_at is null", (workspace,)
    )
    return {row["handle"]: row["id"] for row in rows}


async def rooms_there(tx: Tx, workspace: str, channels: Sequence[str]) -> set[str]:
    rows = await tx.rows(
        "select channel from channels.share where workspace = %s and channel = any(%s) and state = 'connected'",
        (workspace, list(channels)),
    )
    return {row["channel"] for row in rows}


async def rooms_called(tx: Tx, workspace: str, wanted: Sequence[str]) -> dict[str, str]:
    """Channels by their names."""
    rows = await tx.rows(
        "select name, channel from channels.share where workspace = %s and name = any(%s) and state = 'connected'",
        (workspace, list(wanted)),
    )
    return {row["name"]: row["channel"] for row in rows}


# -- days and what was left out ---------------------------------------------------------------------------------------


async def days_in(tx: Tx, moving: str, room: str) -> set[str]:
    rows = await tx.rows("select day from channels.moving_day where moving = %s and room = %s", (moving, room))
    return {row["day"] for row in rows}


async def days_done(tx: Tx, moving: str, room: str, days: Sequence[tuple[str, int, int, int]]) -> None:
    """Days that are in: (day, messages, files, held)."""
    names, messages, files, held = zip(*days, strict=True)
    await tx.run(
        "insert into channels.moving_day (moving, room, day, messages, files, held)"
        " select %s, %s, d, m, f, h from unnest(%s::text[], %s::integer[], %s::integer[], %s::integer[])"
        " as given(d, m, f, h) on conflict (moving, room, day) do update set messages = excluded.messages,"
        " files = excluded.files, held = excluded.held",
        (moving, room, list(names), list(messages), list(files), list(held)),
    )


async def sums(tx: Tx, moving: str) -> dict[str, int]:
    """Days, messages, files and what is held of all days that are in; and how much was left out."""
    row = await tx.row(
        "select count(*) as days, coalesce(sum(messages), 0) as messages, coalesce(sum(files), 0) as files,"
        " coalesce(sum(held), 0) as held, (select count(*) from channels.moving_left l where l.moving = %s) as left"
        " from channels.moving_day where moving = %s",
        (moving, moving),
    )
    assert row is not None  # noqa: S101
    return {name: int(value) for name, value in row.items()}


async def leave(tx: Tx, moving: str, room: str, left: Mapping[str, Sequence[Left]]) -> None:
    """Writes down what was left out of each day, or of the whole ('' of ''), in place of what was written before."""
    await tx.run(
        "delete from channels.moving_left where moving = %s and room = %s and day = any(%s)", (moving, room, list(left))
    )
    lines = [(day, one) for day, some in left.items() for one in some]
    if lines:
        await tx.run(
            "insert into channels.moving_left (moving, workspace, room, day, ts, what, why, about)"
            " select m.id, m.workspace, %s, d, t, w, y, a from channels.moving m,"
            " unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) as given(d, t, w, y, a)"
            " where m.id = %s",
            (room, [day for day, _ in lines], [one.ts for _, one in lines], [one.what for _, one in lines],
             [one.why for _, one in lines], [one.about[:1_000] for _, one in lines], moving),
        )  # fmt: skip


async def left_of(tx: Tx, moving: str, after: int, limit: int) -> list[dict[str, Any]]:
    return await tx.rows(
        "select n, room, day, ts, what, why, about from channels.moving_left where moving = %s and n > %s"
        " order by n limit %s",
        (moving, after, limit),
    )


async def left_counts(tx: Tx, moving: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select what, why, count(*) as n from channels.moving_left where moving = %s group by what, why"
        " order by n desc, what, why",
        (moving,),
    )


async def forget_days(tx: Tx, moving: str) -> None:
    """All days are to be gone through again."""
    await tx.run("delete from channels.moving_day where moving = %s", (moving,))
    await tx.run("delete from channels.moving_left where moving = %s", (moving,))


def _moving(row: Mapping[str, Any]) -> Moving:
    return Moving(
        **{name: row[name] for name in _NAMES},
        choices=msgspec.convert(row["choices"], Choices),
        progress=msgspec.convert(row["progress"], Progress),
    )
