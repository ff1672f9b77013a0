"""`auth.test`, `bots.info`, and who there is: `users.info`, `users.list`, `users.lookupByEmail`, …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.channels.refusals import UsersNotFound
from dure.channels.slack import scopes, shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.channels.slack.conversations import page_of_channels
from dure.governance.api import Role, User


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
        answer |= {"user": shapes.handle(user), "user_id": user.id}
    if principal.kind == "bot":
        answer |= {"bot_id": shapes.bot_id(principal.app)}
    if principal.app:
        answer["app_id"] = principal.app
    return answer


async def list_(call: Call) -> dict[str, Any]:
    limit, after = call.arguments.whole("limit", 1000, 1000), call.arguments.cursor("user")
    everybody = sorted(await call.channels.people_of(call.principal), key=lambda user: user.id)
    found = [user for user in everybody if user.id > after]
    more = found[limit - 1].id if len(found) > limit else ""
    return {
        "members": await shown(call, found[:limit]),
        "cache_ts": int(call.channels.now().timestamp()),
        "response_metadata": {"next_cursor": cursor_of("user", more) if more else ""},
    }


async def info(call: Call) -> dict[str, Any]:
    found = await call.channels.person(call.principal, call.arguments.needed("user", "user_not_found"))
    shape = (await shown(call, [found]))[0]
    if call.arguments.flag("include_locale"):
        shape["locale"] = {"ko": "ko-KR", "en": "en-US"}.get(found.language, "ko-KR")
    return {"user": shape}


async def lookup_by_email(call: Call) -> dict[str, Any]:
    email = call.arguments.needed("email", "users_not_found")
    found = await call.governance.user_by_email(call.principal.tenant, email)
    if found is not None and call.principal.role is Role.GUEST:
        # A guest looks up only whom they meet.
        met = {user.id for user in await call.channels.people_of(call.principal)}
        found = found if found.id in met else None
    if found is None:
        raise UsersNotFound(field="email")
    return {"user": (await shown(call, [found]))[0]}


async def conversations(call: Call) -> dict[str, Any]:
    user = call.arguments.text("user")
    if not user or user == call.principal.user:
        return await page_of_channels(call, mine=True)
    await call.channels.person(call.principal, user)
    return await page_of_channels(call, of=user)


async def identity(call: Call) -> dict[str, Any]:
    """Who signed in: only a person's own token says so."""
    if call.principal.kind != "user" or not call.principal.user:
        raise Refused("not_allowed_token_type")
    workspace = await call.governance.workspace(call.principal.tenant)
    me = await call.governance.user(call.principal.tenant, call.principal.user)
    said = (await call.colleagues.profiles.of([me]))[me.id]
    return {
        "user": {"id": me.id, "name": me.name, "email": me.email, **shapes.images(said, call.base)},
        "team": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain},
    }


async def bots_info(call: Call) -> dict[str, Any]:
    """The bot that is named; without a name the caller's own."""
    bot = call.arguments.text("bot").strip() or shapes.bot_id(call.principal.app or "?")
    for user in await call.channels.people_of(call.principal):
        if user.is_bot and user.app == shapes.app_of(bot):
            said = (await call.colleagues.profiles.of([user]))[user.id]
            sizes = shapes.images(said, call.base)
            icons = {f"image_{size}": sizes[f"image_{size}"] for size in (48, 72)}
            return {
                "bot": {
                    "id": bot, "deleted": user.deleted, "name": user.name, "app_id": user.app, "user_id": user.id,
                    "updated": int(said.changed_at.timestamp()) if said.changed_at else 0, "icons": icons,
                }
            }  # fmt: skip
    raise Refused("bot_not_found")


async def shown(call: Call, people: Sequence[User]) -> list[dict[str, Any]]:
    """Users as Slack has them, with what they say of themselves."""
    workspace = await call.governance.workspace(call.principal.tenant)
    said, now = await call.colleagues.profiles.of(people), call.channels.now()
    spaces = {}
    if any(one.workspace != workspace.id for one in people):
        spaces = await call.channels.workspaces_named()
    own = {space.id for space in spaces.values() if space.org == workspace.org}
    return [
        shapes.user(one, call.principal, workspace.timezone, said[one.id], call.base, now, one.workspace in own)
        for one in people
    ]


METHODS: Mapping[str, Method] = {
    "auth.test": Method(auth_test),
    "bots.info": Method(bots_info, ("users:read",)),
    "users.conversations": Method(conversations, scopes.READ),
    "users.identity": Method(identity, ("identity.basic", "users:read")),
    "users.info": Method(info, ("users:read",)),
    "users.list": Method(list_, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",)),
}
