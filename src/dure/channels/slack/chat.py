"""`chat.*` and `reactions.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.api import Draft, ts_text
from dure.channels.refusals import CantUpdateMessage
from dure.channels.slack import shapes
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def post_message(call: Call) -> dict[str, Any]:
    """Posts to a channel's id or name, or to a person, with whom a direct conversation is opened."""
    target = call.arguments.needed("channel", "channel_not_found")
    if target[0] in "UW" and target.isalnum() and target.isupper():
        found, _ = await call.channels.open_direct(call.principal, [target])
        channel = found.id
    elif target[0] in "CDG" and len(target) > 8 and target.isalnum() and target.isupper():
        channel = target
    else:
        channel = (await call.channels.info(call.principal, target)).id
    thread = call.arguments.text("thread_ts")
    said = await call.channels.post(
        call.principal,
        channel,
        Draft(
            **_content(call),
            thread=call.arguments.ts("thread_ts", "invalid_thread_ts") if thread else None,
            broadcast=call.arguments.flag("reply_broadcast"),
            client_msg_id=call.arguments.text("client_msg_id")[:100] or None,
            username=call.arguments.text("username"),
        ),
    )
    return {"channel": channel, "ts": ts_text(said.ts), "message": shapes.message(said, metadata=True)}


async def update(call: Call) -> dict[str, Any]:
    channel, ts = _channel(call), call.arguments.ts("ts", "message_not_found")
    if call.principal.kind == "user" and call.arguments.flag("as_user", True) is False:
        raise CantUpdateMessage
    content = _content(call)
    if not content["text"] and content["blocks"] is None and content["attachments"] is None:
        raise Refused("no_text")
    said = await call.channels.update(call.principal, channel, ts, Draft(**content))
    return {
        "channel": channel,
        "ts": ts_text(ts),
        "text": said.text,
        "message": shapes.message(said, metadata=True),
    }


async def delete(call: Call) -> dict[str, Any]:
    channel, ts = _channel(call), call.arguments.ts("ts", "message_not_found")
    await call.channels.delete(call.principal, channel, ts)
    return {"channel": channel, "ts": ts_text(ts)}


async def get_permalink(call: Call) -> dict[str, Any]:
    channel, ts = _channel(call), call.arguments.ts("message_ts", "message_not_found")
    said = await call.channels.message(call.principal, channel, ts)
    thread = f"&thread_ts={ts_text(said.thread)}" if said.thread else ""
    return {"channel": channel, "permalink": f"{call.base}channels/{channel}?ts={ts_text(ts)}{thread}"}


async def add_reaction(call: Call) -> dict[str, Any]:
    name = call.arguments.needed("name", "invalid_name")
    await call.channels.react(call.principal, _channel(call), call.arguments.ts("timestamp"), name)
    return {}


async def remove_reaction(call: Call) -> dict[str, Any]:
    name = call.arguments.needed("name", "invalid_name")
    await call.channels.unreact(call.principal, _channel(call), call.arguments.ts("timestamp"), name)
    return {}


async def get_reactions(call: Call) -> dict[str, Any]:
    channel = _channel(call)
    said = await call.channels.message(call.principal, channel, call.arguments.ts("timestamp"))
    return {"type": "message", "channel": channel, "message": shapes.message(said)}


def _content(call: Call) -> dict[str, Any]:
    return {
        "text": call.arguments.text("text"),
        "blocks": call.arguments.structure("blocks", list),
        "attachments": call.arguments.structure("attachments", list),
        "metadata": call.arguments.structure("metadata", dict),
    }


def _channel(call: Call) -> str:
    return call.arguments.needed("channel", "channel_not_found")


METHODS: Mapping[str, Method] = {
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "reactions.add": Method(add_reaction, ("reactions:write",)),
    "reactions.get": Method(get_reactions, ("reactions:read",)),
    "reactions.remove": Method(remove_reaction, ("reactions:write",)),
}
