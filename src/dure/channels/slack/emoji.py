"""`emoji.list` and an administrator's `admin.emoji.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.api import Emoji
from dure.channels.slack.arguments import cursor_of
from dure.channels.slack.call import Call, Method


async def list_(call: Call) -> dict[str, Any]:
    found = await call.channels.emoji(call.principal)
    newest = max((int(one.made_at.timestamp()) for one in found), default=0)
    return {"emoji": {one.name: _shown(call, one) for one in found}, "cache_ts": f"{newest}.000000"}


async def admin_list(call: Call) -> dict[str, Any]:
    limit, after = call.arguments.whole("limit", 100, 1000), call.arguments.cursor("emoji")
    found = [one for one in await call.channels.emoji(call.principal) if one.name.encode().hex() > after]
    found.sort(key=lambda one: one.name.encode().hex())
    more = found[limit - 1].name if len(found) > limit else ""
    emoji = {
        one.name: {
            "url": _shown(call, one), "date_created": int(one.made_at.timestamp()), "uploaded_by": one.made_by,
        }
        for one in found[:limit]
    }  # fmt: skip
    cursor = cursor_of("emoji", more.encode().hex()) if more else ""
    return {"emoji": emoji, "response_metadata": {"next_cursor": cursor}}


async def add_alias(call: Call) -> dict[str, Any]:
    name, alias = call.arguments.needed("name", "no_emoji_name"), call.arguments.needed("alias_for", "emoji_not_found")
    await call.channels.add_emoji(call.principal, name, alias=alias)
    return {}


async def remove(call: Call) -> dict[str, Any]:
    await call.channels.remove_emoji(call.principal, call.arguments.needed("name", "emoji_not_found"))
    return {}


def _shown(call: Call, one: Emoji) -> str:
    return f"alias:{one.alias}" if one.alias else call.base + one.address.lstrip("/")


METHODS: Mapping[str, Method] = {
    "admin.emoji.addAlias": Method(add_alias, ("admin.teams:write",)),
    "admin.emoji.list": Method(admin_list, ("admin.teams:read",)),
    "admin.emoji.remove": Method(remove, ("admin.teams:write",)),
    "emoji.list": Method(list_, ("emoji:read",)),
}
