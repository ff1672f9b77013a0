"""`chat.*`: saying, changing, taking back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dure.channels.api import Draft, ts_text
from dure.channels.refusals import CantUpdateMessage, IsArchived
from dure.channels.slack import content, shapes
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def post_message(call: Call) -> dict[str, Any]:
    """Posts to a channel's id or name, or to a person, with whom a direct conversation is opened."""
    channel = await content.target(call)
    thread = call.arguments.text("thread_ts").strip()
    draft = content.draft(
        call, thread=call.arguments.ts("thread_ts", "invalid_thread_ts") if thread else None,
        broadcast=call.arguments.flag("reply_broadcast"),
        client_msg_id=call.arguments.text("client_msg_id")[:100] or None, **content.guise(call),
    )  # fmt: skip
    draft = replace(draft, text=await content.linked(call, draft.text))
    said = await call.channels.post(call.principal, channel, draft)
    shape = shapes.message(said, metadata=True, parent=said.parent, bots=await call.bots([said]))
    return {"channel": channel, "ts": ts_text(said.ts), "message": shape, **content.warnings(draft)}


async def update(call: Call) -> dict[str, Any]:
    """What is not given stays; an empty list takes blocks or attachments away."""
    channel, ts = _channel(call), call.arguments.ts("ts", "message_not_found")
    if call.principal.kind == "user" and call.arguments.flag("as_user", True) is False:
        raise CantUpdateMessage
    given = {name for name in ("blocks", "attachments") if call.arguments.has(name)}
    named = "text" if call.arguments.has("text") else "markdown_text" if call.arguments.has("markdown_text") else ""
    if not named and not given:
        raise Refused("no_text")
    keep = {"blocks", "attachments"} - given - ({"blocks"} if named == "markdown_text" else set())
    if not named:
        keep.add("text")
    draft = content.draft(call)
    draft = replace(draft, text=await content.linked(call, draft.text))
    try:
        said = await call.channels.update(
            call.principal, channel, ts, draft, keep=keep | (set() if named else {"text"})
        )
    except IsArchived as error:
        raise Refused("is_inactive") from error
    shape = shapes.message(said, metadata=True, bots=await call.bots([said]))
    return {"channel": channel, "ts": ts_text(ts), "text": said.text, "message": shape}


async def delete(call: Call) -> dict[str, Any]:
    channel, ts = _channel(call), call.arguments.ts("ts", "message_not_found")
    await call.channels.delete(call.principal, channel, ts)
    return {"channel": channel, "ts": ts_text(ts)}


async def post_ephemeral(call: Call) -> dict[str, Any]:
    """Shown to one member only; it is in no history."""
    channel = await content.target(call)
    user = call.arguments.needed("user", "user_not_in_channel")
    thread = call.arguments.text("thread_ts").strip()
    draft = content.draft(
        call, thread=call.arguments.ts("thread_ts", "invalid_thread_ts") if thread else None, **content.guise(call)
    )
    draft = replace(draft, text=await content.linked(call, draft.text))
    said = await call.channels.show(call.principal, channel, user, draft)
    return {"message_ts": ts_text(said.ts), **content.warnings(draft)}


async def me_message(call: Call) -> dict[str, Any]:
    """What somebody does: `/me waves`."""
    channel = await content.target(call)
    text = call.arguments.needed("text", "no_text")
    said = await call.channels.post(call.principal, channel, Draft(text, subtype="me_message"))
    return {"channel": channel, "ts": ts_text(said.ts)}


async def get_permalink(call: Call) -> dict[str, Any]:
    channel, ts = _channel(call), call.arguments.ts("message_ts", "message_not_found")
    said = await call.channels.message(call.principal, channel, ts)
    return {"channel": channel, "permalink": shapes.permalink(call.base, said.channel, said.ts, said.thread)}


def _channel(call: Call) -> str:
    return call.arguments.needed("channel", "channel_not_found")


METHODS: Mapping[str, Method] = {
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
    "chat.meMessage": Method(me_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
}
