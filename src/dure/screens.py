"""The web application's addresses: static files, the frame for every page, sign-in, and the live socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
import structlog
from fastapi import FastAPI, WebSocket
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dure.channels.events import SHARING
from dure.feed.api import Batch, Bell, Lane, end, tail
from dure.governance.access import access
from dure.governance.api import Governance
from dure.governance.events import GUEST_EXPIRED, ROLE_CHANGED, ROLE_GIVEN, ROLE_TAKEN, SIGNED_OUT, USER_DEACTIVATED
from dure.governance.http import COOKIE, principal_of
from dure.governance.model import Principal, Workspace
from dure.kernel.errors import DureError, NotFound, NotSignedIn
from dure.state import State
from dure.web.assets import Assets
from dure.web.live import COME_AGAIN, Hub
from dure.web.page import Page, for_role
from dure.web.routing import APIRouter, include
from dure.web.shell import Shell, preferences
from dure.work import Loop

log = structlog.get_logger("live")

# A live id is a batch's position times this, plus the event's place in the batch.
_EVENTS_A_BATCH = 512
# What happens in channels is heard by who may read the channel, never by the workspace at large.
_ONLY_BY_OBJECT = frozenset({"channels"})

# Whoever these are about is no longer who they were, or may no longer hear what they heard.
_GONE = frozenset({GUEST_EXPIRED, SIGNED_OUT, USER_DEACTIVATED})
# Whoever these are about comes back with the rights they have now.
_OTHER_RIGHTS = frozenset({ROLE_CHANGED, ROLE_GIVEN, ROLE_TAKEN})
_LEFT = frozenset({"Member Left", "Channel Unshared"})
_CLOSED = frozenset({"Channel Workspaces Changed", "Channel Deleted"})
_LINK = {
    "ko": ("두레에 들어가기", "이 링크는 한 번만 쓸 수 있습니다.", "들어가기"),
    "en": ("Sign in to Dure", "This link works once.", "Sign in"),
}

# A wrong address at a door of programs is answered as one, not with a page.
_DOORS = ("api/", "slack/", "v1/", "s/")

MayHear = Callable[[Principal, str], Awaitable[bool]]


def install(
    app: FastAPI, assets: Assets, pages: Sequence[Page], governance: Governance, hub: Hub, heard: MayHear
) -> None:
    """Adds the screens; call it last, because the frame answers every address that nothing else does."""
    shell = Shell(assets, pages)
    routes = APIRouter(include_in_schema=False)
    app.router.routes.append(assets.route())

    @app.websocket("/api/live")
    async def live(socket: WebSocket) -> None:
        if not _same_origin(socket):
            await socket.close(4403)
            return
        try:
            principal = await principal_of(socket)
        except NotSignedIn:
            await socket.close(4401)
            return

        async def may(topic: str) -> bool:
            return await _may(principal, topic, heard)

        await hub.serve(socket, principal.tenant.workspace, may, principal=principal.actor)

    @routes.get("/sign-in/{secret}")
    async def link(request: Request) -> Response:
        # A person presses the button: programs that open links to preview them do not use the link up.
        shown = preferences(request.cookies, request.headers.get("accept-language", ""))
        title, body, button = _LINK[shown["lang"]]
        return shell.card(shown["lang"], title, body, button=button, post_to=request.url.path, theme=shown["theme"])

    @routes.get("/invitation/{secret}")
    @routes.get("/reset/{secret}")
    async def letter(request: Request, secret: str) -> Response:  # noqa: ARG001
        # Looking uses nothing up; what the link is for is done by a button.
        return shell.sign_in(dict(preferences(request.cookies, request.headers.get("accept-language", ""))))

    @routes.get("/{path:path}")
    async def page(path: str, request: Request) -> Response:
        if path.startswith(_DOORS):
            raise NotFound("There is no such address.")
        boot: dict[str, object] = dict(preferences(request.cookies, request.headers.get("accept-language", "")))
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            response = shell.sign_in(boot)
            half, _ = await governance.signin.entering.waiting(request.cookies.get(COOKIE, ""))
            if COOKIE in request.cookies and not half:
                response.delete_cookie(COOKIE)
            return response
        if path == "sign-in":
            return RedirectResponse("/", status_code=303)
        workspace = await governance.workspace(principal.tenant)
        user = await governance.user(principal.tenant, principal.user) if principal.user else None
        boot |= {
            "me": asdict(user) if user else {"id": "", "name": principal.app, "role": principal.role.value},
            "workspace": asdict(workspace),
            "workspaces": [{"id": one.id, "name": one.name} for one in await _others(governance, principal)],
            "org_role": principal.org_role.value,
            "pages": [shown.as_json() for shown in for_role(pages, principal.role.value, principal.org_role)],
        }
        return shell.application(f"/{path}", boot)

    include(app, routes)


async def _others(governance: Governance, principal: Principal) -> list[Workspace]:
    """The workspaces in which somebody has a seat, where there is more than the one that they are in."""
    if not principal.user:
        return []
    mine = [one for one, _ in await governance.organisation.mine(principal)]
    return mine if len(mine) > 1 else []


def broadcasting(state: State, bell: Bell, hub: Hub) -> Loop:
    """The loop that reads domain acts off the feed and hands them to the open sockets."""

    async def loop() -> None:
        async with state.begin_system() as tx:
            at = await end(tx)
        hub.begin(at * _EVENTS_A_BATCH)
        while True:
            async with state.begin_system() as tx:
                batches = await tail(tx, at, (Lane.DOMAIN,))
            for batch in batches:
                await _publish(hub, batch)
                at = batch.position
            if not batches:
                await bell.wait(0.25, (Lane.DOMAIN,))

    return loop


class _Act(msgspec.Struct):
    """As much of an event as is looked at; its properties are passed on as they were written."""

    event: str
    time: datetime
    workspace: str
    source: str
    object: str = ""
    object_type: str = ""
    actor: str = ""
    properties: msgspec.Raw = msgspec.Raw(b"{}")


_act = msgspec.json.Decoder(_Act).decode


async def _publish(hub: Hub, batch: Batch) -> None:
    # A batch of thousands (people entering a segment) is shown by its first few hundred; screens then ask anew.
    for number, event in enumerate(map(_act, batch.body.split(b"\n", _EVENTS_A_BATCH - 1)[: _EVENTS_A_BATCH - 1])):
        topics = [f"{event.object_type}:{event.object}"] if event.object else []
        if event.source not in _ONLY_BY_OBJECT:
            topics.append(event.source)
        told = msgspec.json.decode(event.properties) if event.object_type == "channel" else {}
        about = told.get("user")
        if isinstance(about, str):
            topics.append(f"user:{about}")
        shown = {
            "event": event.event,
            "object": event.object,
            "object_type": event.object_type,
            "actor": event.actor,
            "time": event.time.isoformat(),
            "properties": event.properties,
        }
        if event.event in _GONE:
            hub.drop(event.object)
        if event.event in _OTHER_RIGHTS:
            hub.drop(event.object, COME_AGAIN)
        if event.event in _LEFT:
            await hub.recheck(str(about or event.actor))
        if event.event in SHARING:  # who is only invited hears no channel of it: that there is something, not what
            hub.whisper(event.workspace, ["sharing:all"], {})
        hub.publish(batch.position * _EVENTS_A_BATCH + number, event.workspace, topics, shown)
        if event.event in _CLOSED or told.get("what") == "privacy":
            await hub.recheck_topic(event.workspace, f"channel:{event.object}")


async def _may(principal: Principal, topic: str, heard: MayHear) -> bool:
    kind, _, what = topic.partition(":")
    if kind == "user":
        return what == principal.user
    if what:
        return await heard(principal, topic)
    try:
        access(principal, f"{kind}:read")
    except DureError:
        return False
    return kind not in _ONLY_BY_OBJECT


def _same_origin(socket: WebSocket) -> bool:
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
