"""What people do with apps over HTTP, below /api/v1. The page sends plain values; apps are told Slack's shapes."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from fastapi import Request, Response

from dure.channels.interaction.api import Interaction, Outcome, Press, View
from dure.channels.interaction.payloads import view_shape
from dure.channels.model import ts_of
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Done:
    """What was done with an element of a message (`channel`, `ts`) or of a view (`view_id`)."""

    action_id: str
    block_id: str
    value: Any = None
    channel: str = ""
    ts: str = ""
    view_id: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    screen: str = ""


@body
class Typed:
    action_id: str
    block_id: str
    value: str
    channel: str = ""
    ts: str = ""
    view_id: str = ""


@body
class OldAction:
    channel: str
    ts: str
    attachment: int
    name: str
    value: str = ""
    screen: str = ""


@body
class Filled:
    state: dict[str, Any] = field(default_factory=dict)
    cleared: bool = False


@body
class TypedCommand:
    command: str
    channel: str
    text: str = ""
    thread: str = ""
    app: str = ""
    screen: str = ""


@body
class Chosen:
    app: str
    callback_id: str
    channel: str = ""
    ts: str = ""
    screen: str = ""


@body
class Opened:
    tab: str
    channel: str


def router(api: Interaction, site: str = "") -> APIRouter:
    """/api/v1/interactions, /api/v1/views, /api/v1/commands, /api/v1/shortcuts. With a `site` apps are told to answer
    there, whatever host the request of the person who pressed names."""
    routes = APIRouter(prefix="/api/v1", tags=["interaction"])

    def base(request: Request) -> str:
        return f"{site}/" if site else str(request.base_url)

    @routes.post("/interactions/actions")
    async def act(caller: Caller, body: Done, request: Request) -> dict[str, Any]:
        """Tells an app that a person used an element of its message or view."""
        await api.act(caller, _press(body, body.state, body.screen), base(request))
        return {}

    @routes.post("/interactions/options")
    async def suggest(caller: Caller, body: Typed) -> dict[str, Any]:
        """Asks an app for the options of an external select."""
        return await api.suggest(caller, _press(body, {}, ""), body.value)

    @routes.post("/interactions/attachments")
    async def old_action(caller: Caller, body: OldAction, request: Request) -> dict[str, Any]:
        """Tells an app that a person used a button or menu of an attachment."""
        await api.act_on_attachment(
            caller, body.channel, ts_of(body.ts), body.attachment, body.name, body.value, screen=body.screen,
            base=base(request),
        )  # fmt: skip
        return {}

    @routes.get("/interactions/pictures")
    async def picture(caller: Caller, url: str, channel: str = "", ts: str = "", view: str = "") -> Response:
        """A picture of another site that a message or a view shows."""
        found = await api.picture(caller, url, channel=channel, ts=ts_of(ts) if ts else None, view=view)
        return Response(found.body, media_type=found.kind, headers={"cache-control": "private, max-age=86400"})

    @routes.get("/views/{view}")
    async def view(caller: Caller, view: str) -> dict[str, Any]:
        """A view that lies before the caller."""
        return {"view": shape(await api.view(caller, view))}

    @routes.post("/views/{view}/submit")
    async def submit(caller: Caller, view: str, body: Filled, request: Request) -> dict[str, Any]:
        """Sends a modal; `action` says what becomes of it: close, errors, update, push or clear."""
        return _outcome(await api.submit(caller, view, body.state, base(request)))

    @routes.post("/views/{view}/close")
    async def close(caller: Caller, view: str, body: Filled) -> dict[str, Any]:
        """Closes a modal, with `cleared` all that lie under it too."""
        await api.close(caller, view, cleared=body.cleared, given=body.state)
        return {}

    @routes.get("/commands")
    async def commands(caller: Caller) -> dict[str, Any]:
        """The slash commands that the caller may use."""
        return {"commands": [asdict(one) for one in await api.commands(caller)]}

    @routes.post("/commands")
    async def command(caller: Caller, body: TypedCommand, request: Request) -> dict[str, Any]:
        """Does what a slash command says; `go` is a conversation to be opened."""
        ran = await api.command(
            caller, body.command, body.text, body.channel, thread=ts_of(body.thread) if body.thread else None,
            app=body.app, screen=body.screen, base=base(request),
        )  # fmt: skip
        return asdict(ran)

    @routes.get("/shortcuts")
    async def shortcuts(caller: Caller) -> dict[str, Any]:
        """The shortcuts of the workspace's apps."""
        return {"shortcuts": [asdict(one) for one in await api.shortcuts(caller)]}

    @routes.post("/shortcuts")
    async def shortcut(caller: Caller, body: Chosen, request: Request) -> dict[str, Any]:
        """Starts a shortcut; with `channel` and `ts` one of a message."""
        await api.shortcut(
            caller, body.app, body.callback_id, channel=body.channel, ts=ts_of(body.ts) if body.ts else None,
            screen=body.screen, base=base(request),
        )  # fmt: skip
        return {}

    @routes.get("/interactions/home/{bot}")
    async def home(caller: Caller, bot: str) -> dict[str, Any]:
        """The home of the app whose bot this is; `view` is null where the app has made none for the caller."""
        found = await api.home(caller, bot)
        return {
            "app": found.app.app, "name": found.app.name, "enabled": found.app.home_tab,
            "view": shape(found.view) if found.view else None,
        }  # fmt: skip

    @routes.post("/interactions/home/{bot}/opened")
    async def opened(caller: Caller, bot: str, body: Opened) -> dict[str, Any]:
        """Tells the app that the caller opened its home or its messages."""
        await api.open_home(caller, bot, body.tab, body.channel)
        return {}

    return routes


def shape(view: View) -> dict[str, Any]:
    """A view for the page, without what the app keeps in it for itself."""
    told = view_shape(view)
    for private in ("private_metadata", "callback_id", "external_id"):
        del told[private]
    return told


def _press(body: Done | Typed, state: dict[str, Any], screen: str) -> Press:
    return Press(
        body.block_id, body.action_id, body.value, body.channel, ts_of(body.ts) if body.ts else None, body.view_id,
        state, screen,
    )  # fmt: skip


def _outcome(found: Outcome) -> dict[str, Any]:
    return {"action": found.action, "errors": found.errors, "view": shape(found.view) if found.view else None}
