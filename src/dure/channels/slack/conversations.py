"""`conversations.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.refusals import ChannelNotFound
from dure.channels.rooms import KINDS
from dure.channels.slack import scopes, shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.channels.talk import FOREVER


async def create(call: Call) -> dict[str, Any]:
    name = call.arguments.needed("name", "invalid_name_required")
    made = await call.channels.create(call.principal, name, private=call.arguments.flag("is_private"))
    return {"channel": shapes.channel(made, call.principal.user)}


async def list_(call: Call) -> dict[str, Any]:
    return await page_of_channels(call)


async def page_of_channels(call: Call, *, mine: bool = False, of: str = "") -> dict[str, Any]:
    """A page of the caller's conversations, for `conversations.list` and `users.conversations`."""
    kinds = call.arguments.items("types") or ["public_channel"]
    if not set(kinds) <= set(KINDS):
        raise Refused("invalid_types")
    limit = call.arguments.whole("limit", 100, 1000)
    found = await call.channels.listed(
        call.principal, kinds=kinds, archived=not call.arguments.flag("exclude_archived"), mine=mine, of=of,
        after=call.arguments.cursor("channel"), limit=limit + 1,
    )  # fmt: skip
    more = found[limit - 1].id if len(found) > limit else ""
    return {
        "channels": [shapes.channel(one, call.principal.user) for one in found[:limit]],
        "response_metadata": {"next_cursor": cursor_of("channel", more) if more else ""},
    }


async def info(call: Call) -> dict[str, Any]:
    found = await call.channels.info(call.principal, _channel(call))
    shape = shapes.channel(found, call.principal.user)
    if not call.arguments.flag("include_num_members"):
        shape.pop("num_members", None)
    page = await call.services.pages.of_channel(call.principal, found.id)
    if page is not None:
        shape["properties"] = {"canvas": {"file_id": page.id, "is_empty": not page.body.strip(), "quip_thread_id": ""}}
    return {"channel": shape}


async def history(call: Call) -> dict[str, Any]:
    oldest = call.arguments.ts_or("oldest", 0, "invalid_ts_oldest")
    latest = call.arguments.ts_or("latest", FOREVER, "invalid_ts_latest") or FOREVER
    inclusive = call.arguments.flag("inclusive")
    place = call.arguments.cursor("ts")
    if place:
        latest = _place(place) - (1 if inclusive else 0)
    page = await call.channels.page(
        call.principal, _channel(call), oldest=oldest, latest=latest, inclusive=inclusive,
        limit=call.arguments.whole("limit", 100, 999),
    )  # fmt: skip
    metadata, bots = call.arguments.flag("include_all_metadata"), await call.bots(page.messages)
    answer: dict[str, Any] = {
        "messages": [shapes.message(one, metadata=metadata, bots=bots) for one in page.messages],
        "has_more": page.more,
        "pin_count": page.pinned,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if page.more:
        answer["response_metadata"] = {"next_cursor": cursor_of("ts", str(page.messages[-1].ts))}
    return answer


async def replies(call: Call) -> dict[str, Any]:
    """The root first on every page, then its replies, the oldest first."""
    limit = call.arguments.whole("limit", 1000, 1000)
    oldest = call.arguments.ts_or("oldest", 0, "invalid_ts_oldest")
    latest = call.arguments.ts_or("latest", FOREVER, "invalid_ts_latest") or FOREVER
    inclusive = call.arguments.flag("inclusive")
    place = call.arguments.cursor("reply")
    if place:
        oldest = _place(place) + (1 if inclusive else 0)
    root, said, more = await call.channels.replies(
        call.principal, _channel(call), call.arguments.ts("ts", "thread_not_found"), oldest=oldest, latest=latest,
        limit=limit, inclusive=inclusive,
    )  # fmt: skip
    metadata, bots = call.arguments.flag("include_all_metadata"), await call.bots([root, *said])
    answer: dict[str, Any] = {
        "messages": [shapes.message(one, metadata=metadata, parent=one.parent, bots=bots) for one in (root, *said)],
        "has_more": more,
    }
    if more:
        answer["response_metadata"] = {"next_cursor": cursor_of("reply", str(said[-1].ts))}
    return answer


async def members(call: Call) -> dict[str, Any]:
    limit = call.arguments.whole("limit", 100, 1000)
    found = await call.channels.members(call.principal, _channel(call), call.arguments.cursor("user"), limit + 1)
    more = found[limit - 1].user if len(found) > limit else ""
    return {
        "members": [member.user for member in found[:limit]],
        "response_metadata": {"next_cursor": cursor_of("user", more) if more else ""},
    }


async def invite(call: Call) -> dict[str, Any]:
    """Several people at once: who cannot be invited is told by name, and keeps the others out unless `force` is set."""
    users = call.arguments.items("users")
    if not users:
        raise Refused("no_user")
    if len(users) > 1000:
        raise Refused("too_many_users")
    force = call.arguments.flag("force")
    found, refused = await call.channels.invite_some(call.principal, _channel(call), users, force=force)
    errors = [{"user": user, "ok": False, "error": error.code} for user, error in refused.items()]
    if errors and (not force or len(errors) == len(set(users))):
        answer: dict[str, Any] = {"ok": False, "error": errors[0]["error"]}
        return {**answer, "errors": errors} if len(users) > 1 else answer
    shape = {"channel": shapes.channel(found, call.principal.user)}
    return {**shape, "errors": errors} if errors else shape


async def kick(call: Call) -> dict[str, Any]:
    await call.channels.kick(call.principal, _channel(call), call.arguments.needed("user", "user_not_found"))
    return {}


async def join(call: Call) -> dict[str, Any]:
    found, was_in = await call.channels.join(call.principal, _channel(call))
    answer: dict[str, Any] = {"channel": shapes.channel(found, call.principal.user)}
    if was_in:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


async def leave(call: Call) -> dict[str, Any]:
    return {} if await call.channels.leave(call.principal, _channel(call)) else {"not_in_channel": True}


async def archive(call: Call) -> dict[str, Any]:
    await call.channels.archive(call.principal, _channel(call))
    return {}


async def unarchive(call: Call) -> dict[str, Any]:
    await call.channels.unarchive(call.principal, _channel(call))
    return {}


async def rename(call: Call) -> dict[str, Any]:
    name = call.arguments.needed("name", "invalid_name_required")
    found = await call.channels.rename(call.principal, _channel(call), name)
    return {"channel": shapes.channel(found, call.principal.user)}


async def set_topic(call: Call) -> dict[str, Any]:
    found = await call.channels.set_topic(call.principal, _channel(call), call.arguments.text("topic"))
    return {"channel": shapes.channel(found, call.principal.user)}


async def set_purpose(call: Call) -> dict[str, Any]:
    text = call.arguments.text("purpose")
    found = await call.channels.set_purpose(call.principal, _channel(call), text)
    return {"purpose": found.purpose, "channel": shapes.channel(found, call.principal.user)}


async def open_(call: Call) -> dict[str, Any]:
    if channel := call.arguments.text("channel"):
        found = await call.channels.reopen(call.principal, channel)
        if found.kind == "channel":
            raise ChannelNotFound
        was_there = True
    else:
        users = call.arguments.items("users")
        if not users:
            raise Refused("users_list_not_supplied")
        if len(users) > 8:
            raise Refused("too_many_users")
        found, was_there = await call.channels.open_direct(call.principal, users)
    full = call.arguments.flag("return_im")
    answer: dict[str, Any] = {"channel": shapes.channel(found, call.principal.user) if full else {"id": found.id}}
    return {"no_op": True, "already_open": True, **answer} if was_there else answer


async def close(call: Call) -> dict[str, Any]:
    closed = await call.channels.close(call.principal, _channel(call))
    return {} if closed else {"no_op": True, "already_closed": True}


async def mark(call: Call) -> dict[str, Any]:
    """Sets what was read, forward or back."""
    ts = call.arguments.ts("ts", "invalid_timestamp")
    await call.channels.mark(call.principal, _channel(call), ts, back=True)
    return {}


def _channel(call: Call) -> str:
    return call.arguments.needed("channel", "channel_not_found")


def _place(cursor: str) -> int:
    if not cursor.isdigit() or len(cursor) > 18:
        raise Refused("invalid_cursor")
    return int(cursor)


METHODS: Mapping[str, Method] = {
    "conversations.archive": Method(archive, scopes.MANAGE),
    "conversations.close": Method(close, scopes.OPEN),
    "conversations.create": Method(create, scopes.MANAGE),
    "conversations.history": Method(history, scopes.HISTORY),
    "conversations.info": Method(info, scopes.READ),
    "conversations.invite": Method(invite, scopes.INVITE),
    "conversations.join": Method(join, scopes.JOIN),
    "conversations.kick": Method(kick, scopes.MANAGE),
    "conversations.leave": Method(leave, scopes.MANAGE),
    "conversations.list": Method(list_, scopes.READ),
    "conversations.mark": Method(mark, scopes.MANAGE),
    "conversations.members": Method(members, scopes.READ),
    "conversations.open": Method(open_, scopes.OPEN),
    "conversations.rename": Method(rename, scopes.MANAGE),
    "conversations.replies": Method(replies, scopes.HISTORY),
    "conversations.setPurpose": Method(set_purpose, scopes.TOPIC),
    "conversations.setTopic": Method(set_topic, scopes.TOPIC),
    "conversations.unarchive": Method(unarchive, scopes.MANAGE),
}
