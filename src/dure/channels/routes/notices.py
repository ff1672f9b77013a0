"""Notices over HTTP: what somebody was told and wants to be told, their browsers, and the way to stop letters."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from dure.channels.api import Channels, ts_of, ts_text
from dure.channels.notice.mailing import Mailing
from dure.channels.notice.model import ChannelWishes, Device, Notice, Wishes
from dure.channels.notice.wording import word
from dure.channels.routes import shapes
from dure.channels.talk import FOREVER
from dure.governance.http import Caller
from dure.kernel.errors import NotFound
from dure.web.body import body
from dure.web.push import Sender
from dure.web.routing import APIRouter

_NAMED = re.compile(r"<@([UW][A-Z0-9]+)")
_WORKER = Path(__file__).parents[1] / "static" / "sw.js"


@body
class Seen:
    """What was looked at: a channel, one of its threads, or (no channel) everything."""

    channel: str = ""
    thread_ts: str = ""
    until: str = ""


@body
class WishesChange:
    """What is left out stays. `level` is all, mentions or nothing."""

    level: str | None = None
    keywords: list[str] | None = None
    push: bool | None = None
    mail: bool | None = None
    mail_minutes: int | None = None


@body
class ChannelChange:
    """What is left out stays; `level` null is as everywhere."""

    level: str | None = None
    muted: bool = False
    everybody: bool = True


@body
class NewDevice:
    """A browser's `PushSubscription`: its address and its two keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str
    label: str = ""


def router(api: Channels, sender: Sender) -> APIRouter:
    """/api/v1/channels/notices and what belongs to it. Stands before the routes of single channels."""
    routes = APIRouter(prefix="/api/v1", tags=["channels"])
    notices = api.colleagues.notices

    @routes.get("/channels/notices")
    async def listed(caller: Caller, unread: bool = False, before: str = "", limit: int = 50) -> dict[str, Any]:
        """What the caller was told, the newest first, and how much of it is unread by channel."""
        found = await notices.listed(
            caller, unread=unread, before=ts_of(before) if before else FOREVER, limit=max(1, min(limit, 200))
        )
        workspaces = await api.workspaces_named()
        people = {}
        for user in {one.author for one in found} | {user for one in found for user in _NAMED.findall(one.text)}:
            try:
                people[user] = shapes.person(await api.person(caller, user), caller, workspaces)
            except NotFound:
                continue
        return {
            "notices": [_notice(one) for one in found],
            "unread": await notices.unread(caller),
            "muted": await notices.muted(caller),
            "people": people,
        }

    @routes.post("/channels/notices/seen", status_code=204)
    async def seen(caller: Caller, body: Seen) -> Response:
        """Marks notices as looked at."""
        await notices.see(
            caller, body.channel, ts_of(body.thread_ts) if body.thread_ts else None,
            ts_of(body.until) if body.until else FOREVER,
        )  # fmt: skip
        return Response(status_code=204)

    @routes.get("/channels/notices/settings")
    async def settings(caller: Caller) -> dict[str, Any]:
        """What the caller wants to be told, their browsers, and the key for a browser to subscribe with."""
        found = await notices.settings(caller)
        return {
            **_wishes(found.wishes),
            "channels": [_channel(one) for one in found.channels],
            "devices": [_device(one) for one in found.devices],
            "push_key": sender.public,
        }

    @routes.patch("/channels/notices/settings")
    async def change(caller: Caller, body: WishesChange) -> dict[str, Any]:
        """Changes what the caller wants to be told."""
        made = await notices.change(
            caller, level_=body.level, keywords_=body.keywords, push=body.push, mail=body.mail,
            mail_minutes=body.mail_minutes,
        )  # fmt: skip
        return _wishes(made)

    @routes.post("/channels/notices/devices", status_code=201)
    async def add_device(caller: Caller, body: NewDevice) -> dict[str, Any]:
        """Adds a browser that is told by push."""
        made = await notices.add_device(caller, body.endpoint, body.p256dh, body.auth, body.label)
        return {"device": _device(made)}

    @routes.delete("/channels/notices/devices/{device}", status_code=204)
    async def remove_device(caller: Caller, device: UUID) -> Response:
        """Takes a browser away."""
        await notices.remove_device(caller, device)
        return Response(status_code=204)

    @routes.get("/channels/{channel}/notices")
    async def channel(caller: Caller, channel: str) -> dict[str, Any]:
        """What the caller wants to be told of a channel."""
        return _channel(await notices.channel(caller, channel))

    @routes.patch("/channels/{channel}/notices")
    async def change_channel(caller: Caller, channel: str, body: ChannelChange, request: Request) -> dict[str, Any]:
        """Changes what the caller wants to be told of a channel."""
        sent = await request.json()
        given = {name: value for name, value in vars(body).items() if name in sent}
        return _channel(await notices.change_channel(caller, channel, given=given))

    return routes


def outside(mailing: Mailing) -> APIRouter:
    """`/sw.js`, which browsers want at the root, and `/notices/stop/SECRET`, the way out of the letters.

    Opening the page stops nothing: mail scanners open every link.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sw.js")
    async def worker() -> Response:
        """The part of the screens that a browser keeps to be told by push."""
        return Response(
            _WORKER.read_bytes(), media_type="text/javascript; charset=utf-8", headers={"cache-control": "no-cache"}
        )

    @routes.get("/notices/stop/{secret}")
    async def ask(secret: str) -> HTMLResponse:
        """The page behind the link in a letter."""
        try:
            person = await mailing.reader(secret)
        except NotFound as error:
            return _page("ko", error.message, status=404)
        button = html.escape(word(person.language, "stop"))
        return _page(
            person.language, word(person.language, "ask"), f'<form method="post"><button>{button}</button></form>'
        )

    @routes.post("/notices/stop/{secret}")
    async def stop(secret: str) -> HTMLResponse:
        """Stops the letters: from the page, or by a mail program's one click."""
        try:
            person = await mailing.stop(secret)
        except NotFound as error:
            return _page("ko", error.message, status=404)
        return _page(person.language, word(person.language, "stopped"))

    return routes


def _page(language: str, text: str, more: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html>\n<html lang="{language if language == "en" else "ko"}"><head><meta charset="utf-8">'
        '<title>Dure</title><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"</head><body><p>{html.escape(text)}</p>{more}</body></html>\n",
        status_code=status,
        headers={"cache-control": "no-store",
                 "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'"},
    )  # fmt: skip


def _notice(it: Notice) -> dict[str, Any]:
    return {
        "channel": it.channel,
        "ts": ts_text(it.ts),
        "thread_ts": ts_text(it.thread) if it.thread else None,
        "author": it.author,
        "why": it.why,
        "text": it.text,
        "at": it.made_at,
        "seen": it.seen,
    }


def _wishes(it: Wishes) -> dict[str, Any]:
    return {
        "level": it.level,
        "keywords": list(it.keywords),
        "push": it.push,
        "mail": it.mail,
        "mail_minutes": it.mail_minutes,
    }


def _channel(it: ChannelWishes) -> dict[str, Any]:
    return {"channel": it.channel, "level": it.level, "muted": it.muted, "everybody": it.everybody}


def _device(it: Device) -> dict[str, Any]:
    return {"id": str(it.id), "label": it.label, "added_at": it.added_at}
