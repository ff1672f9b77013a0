"""Triggers, reply addresses and views in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg.errors
from psycopg.types.json import Jsonb

from dure.channels.interaction.model import ReplyAddress, Trigger, View
from dure.channels.interaction.refusals import DuplicateExternalId
from dure.state import Tx

_KEPT = timedelta(hours=1)
_CLOSED_KEPT = timedelta(days=1)


async def add_trigger(tx: Tx, secret: bytes, trigger: Trigger) -> None:
    """Keeps a trigger, and lets go of the workspace's old ones."""
    await tx.run(
        "delete from channels.trigger where workspace = %s and made_at < %s",
        (trigger.workspace, trigger.made_at - _KEPT),
    )
    await tx.run(
        "insert into channels.trigger (secret, workspace, app, account, team, screen, view, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (secret, trigger.workspace, trigger.app, trigger.account, trigger.team, trigger.screen, trigger.view,
         trigger.made_at),
    )  # fmt: skip


async def trigger(tx: Tx, workspace: str, secret: bytes) -> Trigger | None:
    """A trigger, locked: only one call exchanges it."""
    row = await tx.row(
        "select * from channels.trigger where workspace = %s and secret = %s for update", (workspace, secret)
    )
    if row is None:
        return None
    return Trigger(
        row["workspace"], row["app"], row["account"], row["team"], row["screen"], row["view"], row["made_at"],
        row["used_at"],
    )  # fmt: skip


async def use_trigger(tx: Tx, workspace: str, secret: bytes, at: datetime) -> None:
    await tx.run(
        "update channels.trigger set used_at = %s where workspace = %s and secret = %s", (at, workspace, secret)
    )


async def add_reply(tx: Tx, secret: bytes, reply: ReplyAddress) -> None:
    """Keeps an address, and lets go of the workspace's old ones."""
    await tx.run(
        "delete from channels.reply_address where workspace = %s and made_at < %s",
        (reply.workspace, reply.made_at - _KEPT),
    )
    await tx.run(
        "insert into channels.reply_address (secret, workspace, org, app, account, team, channel, ts, aside, thread,"
        " made_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (secret, reply.workspace, reply.org, reply.app, reply.account, reply.team, reply.channel, reply.ts,
         reply.aside, reply.thread, reply.made_at),
    )  # fmt: skip


async def use_reply(tx: Tx, workspace: str, secret: bytes) -> ReplyAddress | None:
    """Counts a use; the address as it was before. The address itself says which workspace it is of."""
    row = await tx.row(
        "update channels.reply_address set used = used + 1 where workspace = %s and secret = %s returning *",
        (workspace, secret),
    )
    if row is None:
        return None
    return ReplyAddress(
        row["workspace"], row["org"], row["app"], row["account"], row["team"], row["channel"], row["ts"],
        row["aside"], row["thread"], row["used"] - 1, row["made_at"],
    )  # fmt: skip


async def add_view(tx: Tx, view: View) -> None:
    """Keeps a view that was opened, and lets go of those of the workspace that were closed a day ago."""
    await tx.run(
        "delete from channels.view where workspace = %s and closed_at < %s",
        (view.workspace, view.opened_at - _CLOSED_KEPT),
    )
    try:
        await tx.run(
            "insert into channels.view (id, workspace, app, account, team, kind, root, previous, body, hash,"
            " external_id, screen, opened_at, changed_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (view.id, view.workspace, view.app, view.account, view.team, view.kind, view.root, view.previous,
             Jsonb(view.body), view.hash, view.external_id, view.screen, view.opened_at, view.changed_at),
        )  # fmt: skip
    except psycopg.errors.UniqueViolation as error:
        raise DuplicateExternalId(field="external_id") from error


async def change_view(tx: Tx, view: View) -> None:
    try:
        await tx.run(
            "update channels.view set body = %s, hash = %s, external_id = %s, changed_at = %s"
            " where workspace = %s and id = %s",
            (Jsonb(view.body), view.hash, view.external_id, view.changed_at, view.workspace, view.id),
        )
    except psycopg.errors.UniqueViolation as error:
        raise DuplicateExternalId(field="external_id") from error


async def view_of_app(tx: Tx, workspace: str, app: str, *, id: str = "", external_id: str = "") -> View | None:
    """An open view of an app by its id or the app's own name for it, locked."""
    row = await tx.row(
        "select * from channels.view where workspace = %s and app = %s and closed_at is null"
        " and ((%s <> '' and id = %s) or (%s = '' and external_id <> '' and external_id = %s)) for update",
        (workspace, app, id, id, id, external_id),
    )
    return None if row is None else _view(row)


async def view_of_person(tx: Tx, team: str, account: str, id: str) -> View | None:
    """An open view that lies before somebody, locked."""
    row = await tx.row(
        "select * from channels.view where team = %s and account = %s and id = %s and closed_at is null for update",
        (team, account, id),
    )
    return None if row is None else _view(row)


async def home(tx: Tx, workspace: str, app: str, account: str) -> View | None:
    row = await tx.row(
        "select * from channels.view where workspace = %s and app = %s and account = %s and kind = 'home' for update",
        (workspace, app, account),
    )
    return None if row is None else _view(row)


async def root_of(tx: Tx, workspace: str, id: str) -> str | None:
    """The view at the bottom of those among which one lies."""
    root: str | None = await tx.value(
        "select root from channels.view where workspace = %s and id = %s", (workspace, id)
    )
    return root


async def stack(tx: Tx, workspace: str, root: str) -> list[View]:
    """The open views that lie one over the other, the lowest first."""
    rows = await tx.rows(
        "select * from channels.view where workspace = %s and root = %s and closed_at is null order by opened_at, id",
        (workspace, root),
    )
    return _in_order([_view(row) for row in rows])


async def close_views(tx: Tx, workspace: str, ids: Sequence[str], at: datetime) -> None:
    await tx.run(
        "update channels.view set closed_at = %s where workspace = %s and id = any(%s)", (at, workspace, list(ids))
    )


async def set_unfurls(tx: Tx, channel: str, ts: int, unfurls: list[Any] | None) -> None:
    """What is shown for the links of a message; the caller has found it for their workspace."""
    await tx.run(
        "update channels.message set unfurls = %s where channel = %s and ts = %s",
        (None if unfurls is None else Jsonb(unfurls), channel, ts),
    )


def _in_order(views: list[View]) -> list[View]:
    """By what lies on what: views may be opened within the same moment."""
    above = {view.previous: view for view in views}
    ordered, below = [], ""
    while below in above:
        ordered.append(above[below])
        below = ordered[-1].id
    return ordered or views


def _view(row: dict[str, Any]) -> View:
    return View(
        row["id"], row["workspace"], row["app"], row["account"], row["team"], row["kind"], row["root"],
        row["previous"], row["body"], row["hash"], row["external_id"], row["screen"], row["opened_at"],
        row["changed_at"], row["closed_at"],
    )  # fmt: skip
