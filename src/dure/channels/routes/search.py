"""Search over HTTP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from dure.channels.api import Channels, ts_of, ts_text
from dure.channels.routes import shapes
from dure.channels.search.api import Search
from dure.channels.search.model import KINDS, FoundFile, Hit, Page
from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.kernel.errors import Invalid

_PAGE = 100
_CURSOR = re.compile(r"(?:(\d{1,10}\.\d{6})-([A-Z0-9]{2,40})|(\d{1,5}))")


def router(search: Search, channels: Channels) -> APIRouter:
    """/api/v1/search."""
    routes = APIRouter(prefix="/api/v1", tags=["channels"])

    @routes.get("/search")
    async def find(
        caller: Caller, q: str, kind: str = "messages", sort: str = "timestamp", limit: int = 20, cursor: str = ""
    ) -> dict[str, Any]:
        """What fits, of one kind; on the first page with how many fit of each kind.

        `sort` is timestamp or score. `more` says that there are more than `total`. `unknown` are names in the query
        that nobody has. A message's `snippet` is pieces of text, each with whether it is what was sought.
        """
        if kind not in KINDS:
            raise Invalid(f"`kind` is one of {', '.join(KINDS)}.", field="kind")
        if sort not in ("timestamp", "score"):
            raise Invalid("`sort` is timestamp or score.", field="sort")
        if not 1 <= limit <= _PAGE:
            raise Invalid(f"`limit` is 1 to {_PAGE}.", field="limit")
        after, skip = _place(cursor)
        shown: dict[str, Any]
        if kind == "messages":
            page = await search.messages(
                caller, q, sort="score" if sort == "score" else "timestamp", limit=limit, skip=skip, after=after
            )
            shown = {"results": [_message(hit) for hit in page.hits], "total": page.total, "more": page.more}
            shown |= {"unknown": list(page.unknown), "words": list(page.query.wants)}
            workspaces = await channels.workspaces_named()
            people = {one.id: shapes.person(one, caller, workspaces) for one in page.people.values()}
            shown["people"] = people
            shown["cursor"] = _cursor(page, sort, skip + limit)
        elif kind == "files":
            files = await search.files(
                caller, q, sort="score" if sort == "score" else "timestamp", limit=limit, skip=skip
            )
            workspaces = await channels.workspaces_named()
            people = {one.id: shapes.person(one, caller, workspaces) for one in files.people.values()}
            shown = {"results": [_file(one) for one in files.found], "total": files.total, "more": files.more}
            shown |= {"people": people, "cursor": str(skip + limit) if files.total > skip + limit else ""}
        elif kind == "people":
            users, total = await search.people(caller, q, limit)
            workspaces = await channels.workspaces_named()
            shown = {"results": [shapes.person(user, caller, workspaces) for user in users], "total": total}
        else:
            rooms, total = await search.rooms(caller, q, limit)
            workspaces = await channels.workspaces_named()
            shown = {
                "results": [shapes.channel(room, caller, workspaces, channels.now()) for room in rooms], "total": total
            }  # fmt: skip
        counts = {} if cursor else {"counts": await _counts(caller, q, kind, shown)}
        return {"kind": kind, "more": False, "cursor": "", "unknown": [], **shown, **counts}

    async def _counts(caller: Principal, q: str, kind: str, shown: Mapping[str, Any]) -> dict[str, Any]:
        """How many there are of each kind; `messages_more`: more than that."""
        counts: dict[str, Any] = {kind: shown["total"], "messages_more": shown.get("more", False)}
        if kind != "messages":
            page = await search.messages(caller, q, limit=1)
            counts |= {"messages": page.total, "messages_more": page.more}
        if kind != "files":
            counts["files"] = (await search.files(caller, q, limit=1)).total
        if kind != "people":
            counts["people"] = (await search.people(caller, q, 1))[1]
        if kind != "channels":
            counts["channels"] = (await search.rooms(caller, q, 1))[1]
        return counts

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


def _cursor(page: Page, sort: str, skip: int) -> str:
    if page.following is None:
        return ""
    channel, ts = page.following
    return str(skip) if sort == "score" else f"{ts_text(ts)}-{channel}"


def _place(cursor: str) -> tuple[tuple[str, int] | None, int]:
    """Where a page begins: after a message, or after so many."""
    if not cursor:
        return None, 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid("`cursor` is what the page before gave.", field="cursor")
    return (None, int(found[3])) if found[3] else ((found[2], ts_of(found[1])), 0)
