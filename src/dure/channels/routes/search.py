"""Search over HTTP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dure.channels.api import Channels, ts_of, ts_text
from dure.channels.routes import shapes
from dure.channels.search.api import Search
from dure.channels.search.model import FoundFile, Hit, Page, Sort
from dure.governance.api import Principal, User
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.routing import APIRouter

_PAGE = 100
# So many of the best are shown page by page.
_SKIPPED = 1_000
_CURSOR = re.compile(r"(?:(\d{1,10}\.\d{6})-([A-Z0-9]{2,40})|(\d{1,4}))")


@dataclass(frozen=True, slots=True)
class _Asked:
    caller: Principal
    q: str
    sort: Sort
    limit: int
    cursor: str


def router(search: Search, channels: Channels) -> APIRouter:
    """/api/v1/search."""
    routes = APIRouter(prefix="/api/v1", tags=["channels"])

    async def messages(asked: _Asked) -> dict[str, Any]:
        after, skip = _place(asked.cursor)
        page = await search.messages(asked.caller, asked.q, sort=asked.sort, limit=asked.limit, skip=skip, after=after)
        return {
            "results": [_message(hit) for hit in page.hits], "total": page.total, "more": page.more,
            "unknown": list(page.unknown), "people": await _people(asked.caller, page.people),
            "cursor": _cursor(page, asked.sort, skip + asked.limit),
        }  # fmt: skip

    async def files(asked: _Asked) -> dict[str, Any]:
        _, skip = _place(asked.cursor)
        page = await search.files(asked.caller, asked.q, sort=asked.sort, limit=asked.limit, skip=skip)
        following = str(skip + asked.limit) if page.total > skip + asked.limit else ""
        return {
            "results": [_file(one) for one in page.found], "total": page.total, "more": page.more,
            "people": await _people(asked.caller, page.people), "cursor": following,
        }  # fmt: skip

    async def people(asked: _Asked) -> dict[str, Any]:
        users, total = await search.people(asked.caller, asked.q, asked.limit)
        named = await _people(asked.caller, {user.id: user for user in users})
        return {"results": list(named.values()), "total": total}

    async def rooms(asked: _Asked) -> dict[str, Any]:
        found, total = await search.rooms(asked.caller, asked.q, asked.limit)
        workspaces = await channels.workspaces_named()
        shown = [shapes.channel(room, asked.caller, workspaces, channels.now()) for room in found]
        return {"results": shown, "total": total}

    async def _people(caller: Principal, users: Mapping[str, User]) -> dict[str, Any]:
        workspaces = await channels.workspaces_named()
        return {one.id: shapes.person(one, caller, workspaces) for one in users.values()}

    finders = {"messages": messages, "files": files, "people": people, "channels": rooms}

    @routes.get("/search")
    async def find(
        caller: Caller, q: str, kind: str = "messages", sort: str = "timestamp", limit: int = 20, cursor: str = ""
    ) -> dict[str, Any]:
        """What fits, of one kind; on the first page with how many fit of each kind.

        `sort` is timestamp or score. `more` says that there are more than `total`. `unknown` are names in the query
        that nobody has. A message's `snippet` is pieces of text, each with whether it is what was sought.
        """
        if kind not in finders:
            raise Invalid(f"`kind` is one of {', '.join(finders)}.", field="kind")
        if sort not in ("timestamp", "score"):
            raise Invalid("`sort` is timestamp or score.", field="sort")
        if not 1 <= limit <= _PAGE:
            raise Invalid(f"`limit` is 1 to {_PAGE}.", field="limit")
        order: Sort = "score" if sort == "score" else "timestamp"
        asked = _Asked(caller, q, order, limit, cursor)
        found = {"more": False, "cursor": "", "unknown": [], **await finders[kind](asked)}
        if cursor:
            return {"kind": kind, **found}
        only = replace(asked, sort="timestamp", limit=1)
        counts = {name: found if name == kind else await finder(only) for name, finder in finders.items()}
        told = {name: {"total": one["total"], "more": one.get("more", False)} for name, one in counts.items()}
        return {"kind": kind, **found, "counts": told}

    return routes


def _message(hit: Hit) -> dict[str, Any]:
    room = hit.channel
    return {
        "channel": room.id,
        "channel_name": room.name,
        "channel_kind": room.kind,
        "private": room.private,
        "archived": room.archived,
        "people": list(room.people),
        "ts": ts_text(hit.ts),
        "thread_ts": ts_text(hit.thread) if hit.thread is not None else None,
        "user": hit.user,
        "app": hit.app,
        "team": hit.team,
        "username": hit.username,
        "snippet": [[text, lit] for text, lit in hit.snippet],
        "reactions": hit.reactions,
        "files": list(hit.files),
    }


def _file(found: FoundFile) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "title": found.title,
        "mimetype": found.mimetype,
        "filetype": found.filetype,
        "mode": found.mode,
        "size": found.size,
        "user": found.user,
        "created_at": found.created_at,
        "shares": [
            {"channel": one.channel.id, "channel_name": one.channel.name, "ts": ts_text(one.ts),
             "thread_ts": ts_text(one.thread) if one.thread is not None else None}
            for one in found.places
        ],
    }  # fmt: skip


def _cursor(page: Page, sort: Sort, skip: int) -> str:
    if page.following is None:
        return ""
    if sort == "score":
        return str(skip) if skip < _SKIPPED else ""
    channel, ts = page.following
    return f"{ts_text(ts)}-{channel}"


def _place(cursor: str) -> tuple[tuple[str, int] | None, int]:
    """Where a page begins: after a message, or after so many."""
    if not cursor:
        return None, 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid("`cursor` is what the page before gave.", field="cursor")
    return (None, int(found[3])) if found[3] else ((found[2], ts_of(found[1])), 0)
