"""`users.profile.*`, `users.setPhoto`, `users.getPresence` and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels import visibility
from dure.channels.presence.api import Here
from dure.channels.slack import shapes
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.governance.api import User


async def get_profile(call: Call) -> dict[str, Any]:
    found = await _person(call)
    said = (await call.colleagues.profiles.of([found]))[found.id]
    own = visibility.of_person(call.principal, found) == "whole"
    shape = shapes.profile(found, said, call.base, own=own)
    if call.arguments.flag("include_labels"):
        shape["fields"] = {name: {**one, "label": name} for name, one in shape["fields"].items()}
    return {"profile": shape}


async def set_profile(call: Call) -> dict[str, Any]:
    """Either `profile`, an object, or one field by `name` and `value`."""
    given: dict[str, Any] = dict(call.arguments.structure("profile", dict) or {})
    if not given and (name := call.arguments.text("name")):
        given = {name: call.arguments.values.get("value", "")}
    if not given:
        raise Refused("invalid_profile", "[ERROR] missing required field: profile")
    user = call.arguments.text("user")
    found, said = await call.colleagues.profiles.change(call.principal, user, given)
    return {"username": shapes.handle(found), "profile": shapes.profile(found, said, call.base)}


async def set_photo(call: Call) -> dict[str, Any]:
    raw = call.arguments.files.get("image")
    if raw is None:
        raise Refused("no_image", "[ERROR] missing required field: image")
    said = await call.colleagues.profiles.set_photo(call.principal, "", raw, _crop(call))
    return {"profile": {"avatar_hash": said.photo[:12], **shapes.images(said, call.base)}}


async def delete_photo(call: Call) -> dict[str, Any]:
    await call.colleagues.profiles.set_photo(call.principal, "", None)
    return {}


async def get_presence(call: Call) -> dict[str, Any]:
    found = await _person(call, live=True)
    here = (await call.colleagues.presence.of([found]))[found.id]
    return {"presence": here.presence, **(_own(here) if found.id == call.principal.user else {})}


async def set_presence(call: Call) -> dict[str, Any]:
    """`away`, or `auto`: as the person's own doings say."""
    wanted = call.arguments.text("presence")
    if wanted not in ("auto", "away", "active"):
        raise Refused("invalid_presence")
    await call.colleagues.profiles.set_away(call.principal, wanted == "away")
    return {}


def _own(here: Here) -> dict[str, Any]:
    return {
        "online": here.online,
        "auto_away": not here.online,
        "manual_away": here.away,
        "connection_count": int(here.online),
        "last_activity": int(here.seen_at.timestamp()) if here.seen_at else 0,
    }


def _crop(call: Call) -> tuple[int, int, int] | None:
    given = [call.arguments.text(name).strip() for name in ("crop_x", "crop_y", "crop_w")]
    if not any(given):
        return None
    if not all(one.isascii() and one.isdigit() and len(one) < 7 for one in given):
        raise Refused("bad_image", "[ERROR] crop_x, crop_y and crop_w are numbers")
    return int(given[0]), int(given[1]), int(given[2])


async def _person(call: Call, *, live: bool = False) -> User:
    user = call.arguments.text("user").strip() or call.principal.user
    return await call.channels.person(call.principal, user, live=live)


METHODS: Mapping[str, Method] = {
    "users.deletePhoto": Method(delete_photo, ("users.profile:write",)),
    "users.getPresence": Method(get_presence, ("users:read",)),
    "users.profile.get": Method(get_profile, ("users.profile:read",)),
    "users.profile.set": Method(set_profile, ("users.profile:write",)),
    "users.setPhoto": Method(set_photo, ("users.profile:write",)),
    "users.setPresence": Method(set_presence, ("users:write",)),
}
