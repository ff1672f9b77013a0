"""An app with a manifest for tests of interaction: `desk`, which takes orders for merchandise, and answers by Bolt."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from psycopg.types.json import Jsonb
from slack_bolt import App, BoltRequest, BoltResponse

from dure.channels.interaction.api import Interaction
from dure.channels.interaction.asides import ShownAsides
from dure.channels.model import Draft, Message
from dure.channels.plugs import Answer, Asking
from dure.governance.api import Principal
from dure.kernel.tenant import Tenant
from dure.state import Tx
from tests.channels.room import Room

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "desk"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "desk"},
        "slash_commands": [
            {"command": "/order", "description": "Order something", "usage_hint": "[what]"},
            {"command": "/raw", "description": "As it is", "should_escape": True},
        ],
        "shortcuts": [
            {"type": "global", "name": "New order", "callback_id": "new_order", "description": "Orders"},
            {"type": "message", "name": "Order this", "callback_id": "order_this", "description": "Orders it"},
        ],
        "unfurl_domains": ["shop.example"],
    },
    "functions": {
        "price": {
            "title": "Price",
            "description": "What an order costs",
            "input_parameters": {"what": {"type": "string", "title": "What", "is_required": True}},
            "output_parameters": {"won": {"type": "integer", "title": "Won", "is_required": True}},
        }
    },
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
}

BUTTON = {
    "type": "actions", "block_id": "acts",
    "elements": [
        {"type": "button", "action_id": "approve", "text": {"type": "plain_text", "text": "Approve"}, "value": "o-1"},
        {"type": "static_select", "action_id": "size", "placeholder": {"type": "plain_text", "text": "Size"},
         "options": [{"text": {"type": "plain_text", "text": s}, "value": s} for s in ("S", "M", "L")]},
        {"type": "external_select", "action_id": "city", "placeholder": {"type": "plain_text", "text": "City"}},
    ],
}  # fmt: skip


def modal(title: str = "Order", **more: Any) -> dict[str, Any]:
    """A modal with two fields, `what` and `many`."""
    return {
        "type": "modal", "callback_id": "order", "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"}, "private_metadata": "kept",
        "blocks": [
            {"type": "input", "block_id": "what", "label": {"type": "plain_text", "text": "What"},
             "element": {"type": "plain_text_input", "action_id": "text", "min_length": 2}},
            {"type": "input", "block_id": "many", "optional": True, "label": {"type": "plain_text", "text": "How many"},
             "element": {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "max_value": "9"}},
        ],
        **more,
    }  # fmt: skip


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Pictured:
    """The outside: a picture wherever a name ends with `.png`, a page elsewhere."""

    async def fetch(self, tenant: Tenant, url: str, seconds: float, most: int) -> bytes:
        if url.endswith("gone"):
            raise OSError(url)
        return PNG if url.endswith(".png") else b"<svg><script>1</script></svg>"


@dataclass
class Shown:
    """What people alone are shown, kept in memory in the place of the part of channels that keeps it."""

    said: dict[int, tuple[str, str, Message]] = field(default_factory=dict)

    async def reshow(self, tx: Tx, workspace: str, user: str, message: Message) -> None:
        self.said[message.ts] = (workspace, user, message)

    async def unshow(self, tx: Tx, workspace: str, user: str, channel: str, ts: int) -> None:
        del self.said[ts]

    async def shown_in(self, tx: Tx, principal: Principal, channel: str) -> list[Message]:
        mine = (principal.tenant.workspace, principal.user)
        return [said for *whose, said in self.said.values() if (*whose, said.channel) == (*mine, channel)]

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(user, said.text) for _, user, said in self.said.values()]


@dataclass
class Bolted:
    """Bolt in this process as the app at the other end, over what its two ways of hearing parse."""

    app: App
    way: Literal["socket_mode", "http"] = "socket_mode"
    heard: list[Mapping[str, Any]] = field(default_factory=list)

    async def ask(
        self, app: str, workspace: str, kind: Literal["slash_commands", "interactive"], payload: Mapping[str, Any]
    ) -> Answer:
        self.heard.append(payload)
        if self.way == "socket_mode":
            request = BoltRequest(mode="socket_mode", body=dict(payload))
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            headers = {"content-type": ["application/x-www-form-urlencoded"]}
            request = BoltRequest(body=urlencode(form), headers=headers)
        said: BoltResponse = await asyncio.to_thread(self.app.dispatch, request)
        if said.status != 200:
            return Answer(False, why="http_error", status=said.status)
        is_json = said.headers.get("content-type", [""])[0].startswith("application/json")
        return Answer(True, json.loads(said.body) if said.body and is_json else said.body or None)


@dataclass
class Desk:
    room: Room
    interaction: Interaction
    asides: Shown
    bot: Principal
    token: str
    channel: str
    name: str

    async def post(self, *blocks: dict[str, Any], **more: Any) -> int:
        draft = Draft("An order", blocks=list(blocks) or [BUTTON], **more)
        return (await self.room.channels.post(self.bot, self.channel, draft)).ts


async def install(room: Room, name: str = "desk") -> tuple[Principal, str]:
    """An app in Sorimaru, the bot and its token; `desk` by its manifest, another one with nothing in it."""
    cast, now = room.cast, room.clock.now()
    token = await cast.governance.create_token(cast.mina, "bot", name, ["*"])
    bot = await cast.governance.principal(token)
    manifest = MANIFEST if name == "desk" else {"display_information": {"name": name}}
    async with room.state.begin(cast.tenant) as tx:
        await tx.run(
            "insert into channels.app values (%s, %s, %s, %s, %s, 'signed', 'verified', %s, %s, %s)"
            " on conflict do nothing",
            (bot.app, cast.tenant.workspace, Jsonb(manifest), f"client-{name}", b"secret", cast.mina.user, now, now),
        )
        await tx.run(
            "insert into channels.installation values (%s, %s, %s, %s, %s, %s, null) on conflict do nothing",
            (bot.app, cast.tenant.workspace, bot.user, ["commands", "chat:write", "links:read"], cast.mina.user, now),
        )
    return bot, token


async def open_desk(room: Room, asking: Asking, *, site: str = "http://dure.example", channel: str = "orders") -> Desk:
    """Sorimaru with the app `desk` in a channel where mina and joon are."""
    bot, token = await install(room)
    shown = Shown()
    asides = ShownAsides(room.clock, shown)
    interaction = Interaction(
        room.state, room.clock, room.cast.governance, room.channels, asking, asides, fetching=Pictured(), site=site
    )
    made = await room.channels.create(room.cast.mina, channel, members=[room.cast.joon.user, bot.user])
    return Desk(room, interaction, shown, bot, token, made.id, channel)
