"""What a person keeps for themselves over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any

from dure.channels.api import Channels, ts_of, ts_text
from dure.channels.own.model import KeptDraft, Section, Sidebar, Sort
from dure.channels.refusals import BadTimestamp
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewDraft:
    """`base` is the version that this device knew, 0 for none; `taken`: what was written elsewhere is in the text."""

    text: str
    base: int
    thread_ts: str | None = None
    mentions: list[list[str]] = field(default_factory=list)
    taken: bool = False
    device: str = ""


@body
class NewSection:
    id: str
    name: str = ""
    rooms: list[str] = field(default_factory=list)
    folded: bool = False
    sort: Sort = "name"


@body
class NewSidebar:
    """`base` is the version that is changed; another one is a conflict."""

    sections: list[NewSection]
    base: int
    device: str = ""


def add(routes: APIRouter, api: Channels) -> None:
    @routes.get("/drafts")
    async def drafts(caller: Caller) -> dict[str, Any]:
        """What the caller has begun to write, the latest first; what they have sent is among them, empty."""
        return {"drafts": [_draft(one) for one in await api.drafts(caller)]}

    @routes.put("/channels/{channel}/draft")
    async def keep(caller: Caller, channel: str, body: NewDraft) -> dict[str, Any]:
        """Keeps what the caller writes in a channel or thread; `other` is what another device wrote meanwhile."""
        kept = await api.keep_draft(
            caller,
            channel,
            _thread(body.thread_ts),
            body.text,
            body.mentions,
            base=body.base,
            taken=body.taken,
            device=body.device,
        )
        return {"draft": _draft(kept)}

    @routes.get("/sidebar")
    async def sidebar(caller: Caller) -> dict[str, Any]:
        """The caller's sections of the sidebar in their order."""
        return _sidebar(await api.sidebar(caller))

    @routes.put("/sidebar")
    async def lay_out(caller: Caller, body: NewSidebar) -> dict[str, Any]:
        """Lays the caller's sidebar out anew."""
        kept = await api.keep_sidebar(caller, _sections(body.sections), base=body.base, device=body.device)
        return _sidebar(kept)


def _thread(ts: str | None) -> int:
    try:
        return ts_of(ts) if ts else 0
    except BadTimestamp as error:
        raise BadTimestamp(field="thread_ts") from error


def _sections(given: Sequence[NewSection]) -> list[Section]:
    return [Section(one.id, one.name, tuple(one.rooms), one.folded, one.sort) for one in given]


def _draft(draft: KeptDraft) -> dict[str, Any]:
    return {
        "channel": draft.channel,
        "thread_ts": ts_text(draft.thread) if draft.thread else None,
        "text": draft.text,
        "mentions": [list(pair) for pair in draft.mentions],
        "other": draft.other,
        "version": draft.version,
        "changed_at": draft.changed_at,
    }


def _sidebar(sidebar: Sidebar) -> dict[str, Any]:
    return {
        "version": sidebar.version,
        "sections": [
            {"id": one.id, "name": one.name, "rooms": list(one.rooms), "folded": one.folded, "sort": one.sort}
            for one in sidebar.sections
        ],
    }
