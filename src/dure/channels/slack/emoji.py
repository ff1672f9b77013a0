"""`emoji.list` and an administrator's `admin.emoji.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.api import Emoji
from dure.channels.refusals import InvalidEmoji
from dure.channels.slack.administered import picture
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.kernel.errors import Invalid, TooLarge

_LARGEST = 128 * 1024


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


async def add(call: Call) -> dict[str, Any]:
    name, url = call.arguments.needed("name", "error_missing_name"), call.arguments.needed("url", "no_image_uploaded")
    body = await picture(call, url, _LARGEST, "error_bad_upload")
    try:
        await call.channels.add_emoji(call.principal, name, picture=body)
    except TooLarge as error:
        raise Refused("error_too_big") from error
    except InvalidEmoji as error:
        raise Refused("error_bad_name_i18n") from error
    except Invalid as error:
        raise Refused("error_bad_format") from error
    return {}


async def rename(call: Call) -> dict[str, Any]:
    name, new = (
        call.arguments.needed("name", "emoji_not_found"),
        call.arguments.needed("new_name", "error_missing_name"),
    )
    await call.channels.rename_emoji(call.principal, name, new)
    return {}


async def remove(call: Call) -> dict[str, Any]:
    await call.channels.remove_emoji(call.principal, call.arguments.needed("name", "emoji_not_found"))
    return {}


def _shown(call: Call, one: Emoji) -> str:
    return f"alias:{one.alias}" if one.alias else call.base + one.address.lstrip("/")


METHODS: Mapping[str, Method] = {
    "admin.emoji.add": Method(add, ("admin.teams:write",)),
    "admin.emoji.addAlias": Method(add_alias, ("admin.teams:write",)),
    "admin.emoji.list": Method(admin_list, ("admin.teams:read",)),
    "admin.emoji.remove": Method(remove, ("admin.teams:write",)),
    "admin.emoji.rename": Method(rename, ("admin.teams:write",)),
    "emoji.list": Method(list_, ("emoji:read",)),
}
