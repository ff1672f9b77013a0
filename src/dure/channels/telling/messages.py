"""Messages as apps hear of them: said, changed, deleted, and said to an app."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from dure.channels import events
from dure.channels.model import Message, ts_of
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.channels.slack import shapes
from dure.channels.store import before, messages
from dure.channels.telling.place import Place, place_of
from dure.feed.api import Event
from dure.kernel.tenant import Tenant

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
# What grew on a message since it was said is not part of what is told when it is said.
_GROWN = ("reply_count", "reply_users", "reply_users_count", "latest_reply", "is_locked", "subscribed", "reactions")


async def posted(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """`message`, and `app_mention` for each app that is named in it outside direct conversations."""
    place = await place_of(telling, event)
    said = await _as_left(telling, event)
    if said is None:
        return ()
    body = {name: value for name, value in (await _shape(telling, place, said)).items() if name not in _GROWN}
    if said.thread is None:
        body.pop("thread_ts", None)
    ts = body["ts"]
    told = [place.said(body, ts)]
    if place.type in ("channel", "group"):
        named = _named(said)
        mention = {name: value for name, value in body.items() if name != "subtype"}
        mention |= {"type": "app_mention", "channel": place.channel, "event_ts": ts}
        told += [
            SlackEvent("app_mention", mention, ("app_mentions:read",), place.channel, app.app)
            for app in telling.apps
            if app.bot_user in named and app.app != said.app
        ]
    return told


async def changed(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    place = await place_of(telling, event)
    now, was = await _as_left(telling, event), await _as_found(telling, event)
    if now is None:
        return ()
    body: dict[str, Any] = {"subtype": "message_changed", "hidden": True, "ts": place.event_ts}
    body["message"] = await _shape(telling, place, now)
    if was is not None:
        body["previous_message"] = await _shape(telling, place, was)
    return (place.said(body),)


async def deleted(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    place = await place_of(telling, event)
    was = await _as_found(telling, event)
    body: dict[str, Any] = {"subtype": "message_deleted", "hidden": True, "ts": place.event_ts}
    body["deleted_ts"] = event.properties["ts"]
    if was is not None:
        body["previous_message"] = await _shape(telling, place, was)
    return (place.said(body),)


async def _as_left(telling: Telling, event: Event) -> Message | None:
    """The message as the act left it, though it may have changed since."""
    channel, ts = event.object, ts_of(event.properties["ts"])
    row = await before.left_by(telling.tx, channel, ts, telling.act)
    return None if row is None else messages.message_of(row, ())


async def _as_found(telling: Telling, event: Event) -> Message | None:
    row = await before.found_by(telling.tx, event.object, ts_of(event.properties["ts"]), telling.act)
    return None if row is None else messages.message_of(row, ())


async def _shape(telling: Telling, place: Place, said: Message) -> dict[str, Any]:
    """The message's JSON with what only events carry: its bot's profile, and the sides of a shared channel."""
    shape = shapes.message(said)
    if said.thread is not None:
        root = await messages.find(telling.tx, said.channel, said.thread)
        if root is not None:
            shape["parent_user_id"] = root.user
    if said.app:
        shape["bot_profile"] = await _bot(telling, said)
        if said.username and not said.subtype:
            # A bot under another name is nobody in particular: Slack tells of no user then.
            shape["subtype"] = "bot_message"
            del shape["user"]
    if said.files and not shape.get("subtype"):
        shape["subtype"] = "file_share"
    if place.external:
        shape |= {"user_team": said.team, "source_team": said.team}
    return shape


async def _bot(telling: Telling, said: Message) -> dict[str, Any]:
    name = next((user.name for user in await telling.people(Tenant("", said.team)) if user.id == said.user), "")
    return {
        "id": shapes.bot_id(said.app), "deleted": False, "name": name, "updated": 0, "app_id": said.app, "icons": {},
        "team_id": said.team,
    }  # fmt: skip


def _named(said: Message) -> set[str]:
    text = said.text
    if said.blocks:
        text += msgspec.json.encode(said.blocks).decode()
    found = set(_MENTION.findall(text))
    return found | {user for block in said.blocks or () for user in _users(block)}


def _users(value: Any) -> set[str]:
    """Who is named by a rich text's own elements."""
    if isinstance(value, dict):
        own = {value["user_id"]} if value.get("type") == "user" and isinstance(value.get("user_id"), str) else set()
        return own.union(*(_users(part) for part in value.values()))
    return set().union(*(_users(part) for part in value)) if isinstance(value, list) else set()


TELLERS: Tellers = {events.POSTED: posted, events.MESSAGE_CHANGED: changed, events.DELETED: deleted}
