"""`api.test`, `auth.test`, `users.*`, `team.info`, `bots.info`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.refusals import UsersNotFound
from dure.channels.slack import scopes, shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.channels.slack.conversations import page_of_channels


async def auth_test(call: Call) -> dict[str, Any]:
    principal = call.principal
    workspace = await call.governance.workspace(principal.tenant)
    answer: dict[str, Any] = {
        "url": call.base,
        "team": workspace.name,
        "team_id": workspace.id,
        "enterprise_id": workspace.org,
        "is_enterprise_install": False,
    }
    if principal.user:
        user = await call.governance.user(principal.tenant, principal.user)
        answer |= {"user": shapes.user(user, principal)["name"], "user_id": user.id}
    if principal.kind == "bot":
        answer |= {"bot_id": shapes.bot_id(principal.app)}
    if principal.app:
        answer["app_id"] = principal.app
    return answer


async def list_(call: Call) -> dict[str, Any]:
    workspace = await call.governance.workspace(call.principal.tenant)
    limit, after = call.arguments.whole("limit", 1000, 1000), call.arguments.cursor("user")
    everybody = sorted(await call.channels.people_of(call.principal), key=lambda user: user.id)
    found = [user for user in everybody if user.id > after]
    more = found[limit - 1].id if len(found) > limit else ""
    return {
        "members": [shapes.user(user, call.principal, workspace.timezone) for user in found[:limit]],
        "cache_ts": 0,
        "response_metadata": {"next_cursor": cursor_of("user", more) if more else ""},
    }


async def info(call: Call) -> dict[str, Any]:
    found = await call.channels.person(call.principal, call.arguments.needed("user", "user_not_found"))
    workspace = await call.governance.workspace(call.principal.tenant)
    return {"user": shapes.user(found, call.principal, workspace.timezone)}


async def lookup_by_email(call: Call) -> dict[str, Any]:
    email = call.arguments.needed("email", "users_not_found")
    found = await call.governance.user_by_email(call.principal.tenant, email)
    if found is None:
        raise UsersNotFound
    workspace = await call.governance.workspace(call.principal.tenant)
    return {"user": shapes.user(found, call.principal, workspace.timezone)}


async def conversations(call: Call) -> dict[str, Any]:
    user = call.arguments.text("user")
    if not user or user == call.principal.user:
        return await page_of_channels(call, mine=True)
    await call.channels.person(call.principal, user)
    return await page_of_channels(call, of=user)


async def team_info(call: Call) -> dict[str, Any]:
    wanted = call.arguments.text("team", call.principal.tenant.workspace)
    if wanted != call.principal.tenant.workspace:
        raise Refused("team_not_found")
    return {"team": shapes.team(await call.governance.workspace(call.principal.tenant))}


async def bots_info(call: Call) -> dict[str, Any]:
    bot = call.arguments.needed("bot", "bot_not_found")
    for user in await call.channels.people_of(call.principal):
        if user.is_bot and user.app == shapes.app_of(bot):
            return {
                "bot": {
                    "id": bot, "deleted": user.deleted, "name": user.name, "updated": 0, "app_id": user.app,
                    "user_id": user.id, "icons": {},
                }
            }  # fmt: skip
    raise Refused("bot_not_found")


METHODS: Mapping[str, Method] = {
    "auth.test": Method(auth_test),
    "bots.info": Method(bots_info, ("users:read",)),
    "team.info": Method(team_info, ("team:read",)),
    "users.conversations": Method(conversations, scopes.READ),
    "users.info": Method(info, ("users:read",)),
    "users.list": Method(list_, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",)),
}
