"""`search.*`, which Slack offers to people's tokens only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.model import ts_text
from dure.channels.search.lit import marked
from dure.channels.search.model import Hit, Neighbour, Page, Sort
from dure.channels.slack import file_shapes, shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.governance.api import User

_PAGES = 100
_SCOPES = ("search:read", "search:read.public", "search:read.private", "search:read.im", "search:read.mpim")


async def messages(call: Call) -> dict[str, Any]:
    query = _query(call)
    return {"query": query, **await _messages(call, query)}


async def files(call: Call) -> dict[str, Any]:
    query = _query(call)
    return {"query": query, **await _files(call, query)}


async def all_(call: Call) -> dict[str, Any]:
    """Messages, files and posts; of posts there are none, as in a workspace that has them no more."""
    query = _query(call)
    both = {**await _messages(call, query), **await _files(call, query)}
    return {"query": query, **both, "posts": {"total": 0, "matches": []}}


async def _messages(call: Call, query: str) -> dict[str, Any]:
    count, page = _paging(call)
    found = await call.search.messages(
        call.principal, query, sort=_sort(call), oldest_first=_oldest_first(call), limit=count, skip=(page - 1) * count,
        neighbours=True,
    )  # fmt: skip
    shape = {
        **_pages(found.total, count, page, len(found.hits)),
        "matches": [_match(call, found, h) for h in found.hits],
    }
    if not call.arguments.text("cursor").strip():
        return {"messages": shape}
    following = cursor_of("page", str(page + 1)) if found.following is not None and page < _PAGES else ""
    shape["pagination"]["next_cursor"] = following
    return {"messages": shape, "response_metadata": {"next_cursor": following}}


async def _files(call: Call, query: str) -> dict[str, Any]:
    count, page = _paging(call)
    found = await call.search.files(
        call.principal, query, sort=_sort(call), oldest_first=_oldest_first(call), limit=count, skip=(page - 1) * count
    )
    files = [await call.services.files.info(call.principal, one.id) for one in found.found]
    matches = [file_shapes.file(one) for one in files]
    return {"files": {**_pages(found.total, count, page, len(matches)), "matches": matches}}


def _paging(call: Call) -> tuple[int, int]:
    """How many a page, and which: by number, or by a cursor that begins as `*`."""
    count, page = call.arguments.whole("count", 20, 100), call.arguments.whole("page", 1, _PAGES)
    cursor = call.arguments.text("cursor").strip()
    return count, page if not cursor else 1 if cursor == "*" else _page(call)


def _pages(total: int, count: int, page: int, shown: int) -> dict[str, Any]:
    pages = -(-total // count)
    first = (page - 1) * count
    return {
        "total": total,
        "pagination": {
            "total_count": total, "page": page, "per_page": count, "page_count": pages,
            "first": first + 1 if shown else 0, "last": first + shown if shown else 0,
        },
        "paging": {"count": count, "total": total, "page": page, "pages": pages},
    }  # fmt: skip


def _oldest_first(call: Call) -> bool:
    return call.arguments.text("sort_dir", "desc") == "asc"


def _query(call: Call) -> str:
    return call.arguments.needed("query", "no_query")


def _sort(call: Call) -> Sort:
    return "timestamp" if call.arguments.text("sort", "score") == "timestamp" else "score"


def _page(call: Call) -> int:
    place = call.arguments.cursor("page")
    if not place.isdigit() or not 1 <= int(place) <= _PAGES:
        raise Refused("invalid_cursor")
    return int(place)


def _match(call: Call, found: Page, hit: Hit) -> dict[str, Any]:
    room = hit.channel
    direct = [one for one in room.people if one != call.principal.user]
    channel: dict[str, Any] = {
        "id": room.id,
        "is_channel": room.kind == "channel" and not room.private,
        "is_group": room.kind == "channel" and room.private,
        "is_im": room.kind == "im",
        "is_mpim": room.kind == "mpim",
        "is_private": room.private,
        "is_shared": room.shared,
        "is_org_shared": False,
        "is_ext_shared": room.external,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "name": room.name,
    }
    if room.kind == "im":
        channel |= {"user": (direct or [call.principal.user])[0], "name": (direct or [call.principal.user])[0]}
    elif room.kind == "mpim":
        channel["name"] = f"mpdm-{'--'.join(room.people)}-1".lower()
    channel["name_normalized"] = channel["name"]
    lit = call.arguments.flag("highlight")
    match: dict[str, Any] = {
        "iid": f"{room.id}-{ts_text(hit.ts)}",
        "team": hit.team,
        "channel": channel,
        "type": "im" if room.kind == "im" else "message",
        "user": hit.user,
        "username": hit.username or _handle(call, found.people, hit.user),
        "ts": ts_text(hit.ts),
        "text": marked(hit.text, found.query.wants) if lit else hit.text,
        "permalink": shapes.permalink(call.base, room.id, hit.ts, hit.thread),
        "no_reactions": not hit.reactions,
    }
    for name, value in (("blocks", hit.blocks), ("attachments", hit.attachments)):
        if value:
            match[name] = value
    for names, beside in ((("previous", "previous_2"), hit.before), (("next", "next_2"), hit.after)):
        match |= {name: _beside(call, found, room.id, one) for name, one in zip(names, beside, strict=False)}
    return match


def _beside(call: Call, found: Page, channel: str, one: Neighbour) -> dict[str, Any]:
    return {
        "type": "message",
        "user": one.user,
        "username": one.username or _handle(call, found.people, one.user),
        "ts": ts_text(one.ts),
        "text": one.text,
        "iid": f"{channel}-{ts_text(one.ts)}",
        "permalink": shapes.permalink(call.base, channel, one.ts, None),
    }


def _handle(call: Call, people: Mapping[str, User], user: str) -> str:
    """A handle, as Slack gives it here; of somebody from outside only what their name makes."""
    found = people.get(user)
    if found is None:
        return ""
    own = found.workspace == call.principal.tenant.workspace
    return found.email.split("@")[0] if own and found.email else found.name.lower().replace(" ", ".")


METHODS: Mapping[str, Method] = {
    "search.all": Method(all_, _SCOPES, by=("user",)),
    "search.files": Method(files, _SCOPES, by=("user",)),
    "search.messages": Method(messages, _SCOPES, by=("user",)),
}
