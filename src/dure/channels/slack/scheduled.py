"""`chat.scheduleMessage` and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dure.channels.api import Draft
from dure.channels.slack import content, shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method


async def schedule(call: Call) -> dict[str, Any]:
    channel = await content.target(call)
    post_at = _moment(call.arguments.needed("post_at", "invalid_time"), "invalid_time")
    thread = call.arguments.text("thread_ts").strip()
    draft = content.draft(
        call, thread=call.arguments.ts("thread_ts", "invalid_thread_ts") if thread else None,
        broadcast=call.arguments.flag("reply_broadcast"), **content.guise(call),
    )  # fmt: skip
    draft = replace(draft, text=await content.linked(call, draft.text))
    one = await call.channels.schedule(call.principal, channel, draft, post_at)
    return {
        "channel": channel,
        "scheduled_message_id": one.id,
        "post_at": int(one.post_at.timestamp()),
        "message": _delayed(call, one.draft),
        **content.warnings(draft),
    }


async def delete(call: Call) -> dict[str, Any]:
    channel = call.arguments.needed("channel", "channel_not_found")
    scheduled = call.arguments.needed("scheduled_message_id", "invalid_scheduled_message_id")
    await call.channels.unschedule(call.principal, channel, scheduled)
    return {}


async def list_(call: Call) -> dict[str, Any]:
    limit = call.arguments.whole("limit", 100, 1000)
    oldest, latest = (call.arguments.text(name).strip() for name in ("oldest", "latest"))
    between = {}
    if oldest:
        between["oldest"] = _moment(oldest, "invalid_arguments")
    if latest:
        between["latest"] = _moment(latest, "invalid_arguments")
    found = await call.channels.scheduled(
        call.principal, channel=call.arguments.text("channel"), after=call.arguments.cursor("scheduled"),
        limit=limit + 1, **between,
    )  # fmt: skip
    more = found[limit - 1].id if len(found) > limit else ""
    return {
        "scheduled_messages": [
            {
                "id": one.id,
                "channel_id": one.channel,
                "post_at": int(one.post_at.timestamp()),
                "date_created": int(one.made_at.timestamp()),
                "text": one.draft.text,
            }
            for one in found[:limit]
            if not one.failed
        ],
        "response_metadata": {"next_cursor": cursor_of("scheduled", more) if more else ""},
    }


def _moment(text: str, error: str) -> datetime:
    whole = text.partition(".")[0]
    if not whole.isascii() or not whole.isdigit() or len(whole) > 11:
        raise Refused(error)
    return datetime.fromtimestamp(int(whole), UTC)


def _delayed(call: Call, draft: Draft) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "delayed_message", "text": draft.text}
    if call.principal.app:
        shape |= {"subtype": "bot_message", "bot_id": shapes.bot_id(call.principal.app)}
    parts = {"username": draft.username, "blocks": draft.blocks, "attachments": draft.attachments,
             "metadata": draft.metadata}  # fmt: skip
    return {**shape, **{name: value for name, value in parts.items() if value}}


METHODS: Mapping[str, Method] = {
    "chat.deleteScheduledMessage": Method(delete, ("chat:write",)),
    "chat.scheduleMessage": Method(schedule, ("chat:write",)),
    "chat.scheduledMessages.list": Method(list_),
}
