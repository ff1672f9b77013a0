"""Profiles, photographs, presence and typing over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from dure.channels import visibility
from dure.channels.api import Channels
from dure.channels.model import ts_of
from dure.channels.profile.model import Profile
from dure.governance.api import User
from dure.governance.http import Caller
from dure.kernel.errors import Invalid, NotFound
from dure.web.body import body
from dure.web.routing import APIRouter

_MOST = 2_000_000


@body
class ProfileChange:
    """What is left out stays. `status_expiration` is in seconds since 1970, 0 for never."""

    real_name: str | None = None
    display_name: str | None = None
    title: str | None = None
    phone: str | None = None
    pronouns: str | None = None
    status_text: str | None = None
    status_emoji: str | None = None
    status_expiration: int | None = None
    timezone: str | None = None
    fields: dict[str, Any] | None = None


@body
class Away:
    away: bool


@body
class Typing:
    """`thread_ts` empty: at the top level."""

    thread_ts: str = ""


def add(routes: APIRouter, api: Channels) -> None:
    us = api.colleagues

    @routes.get("/channels/profiles")
    async def profiles(caller: Caller, users: str) -> dict[str, Any]:
        """Presence and status of people by id, joined by commas; at most 100, those unknown are left out."""
        ids = [one for one in users.split(",") if one][:100]
        people = [one for one in await api.people_of(caller) if one.id in ids]
        known = {one.id for one in people}
        for user in ids:
            if user not in known:
                try:
                    people.append(await api.person(caller, user, live=True))
                except NotFound:
                    continue
        said, here = await us.profiles.of(people), await us.presence.of(people)
        return {"people": {one.id: {
            **_profile(one, said[one.id], own=visibility.of_person(caller, one) == "whole"),
            "presence": here[one.id].presence, "away": here[one.id].away,
        } for one in people}}  # fmt: skip

    @routes.patch("/channels/profile")
    async def change_profile(caller: Caller, body: ProfileChange) -> dict[str, Any]:
        """Changes the caller's own profile."""
        given = {name: value for name, value in vars(body).items() if value is not None}
        found, said = await us.profiles.change(caller, "", given)
        return {"profile": _profile(found, said)}

    @routes.put("/channels/profile/photo")
    async def set_photo(caller: Caller, request: Request) -> dict[str, Any]:
        """The caller's photograph: the bytes of a PNG, JPEG, GIF, WebP or BMP image."""
        raw = await request.body()
        if not raw or len(raw) > _MOST:
            raise Invalid("A photograph has 1 byte to 2 MB.", field="image")
        said = await us.profiles.set_photo(caller, "", raw)
        return {"photo": said.photo}

    @routes.delete("/channels/profile/photo", status_code=204)
    async def delete_photo(caller: Caller) -> Response:
        """Takes the caller's photograph away."""
        await us.profiles.set_photo(caller, "", None)
        return Response(status_code=204)

    @routes.get("/channels/photos/{photo}/{size}.png")
    async def photo(photo: str, size: str) -> Response:
        """A photograph, `large` or `small`. Its address is known to whoever was shown the person."""
        if size not in ("large", "small"):
            raise NotFound("A photograph is large or small.")
        raw = await us.profiles.photo(photo, small=size == "small")
        kept = {"cache-control": "public, max-age=31536000, immutable",
                "cross-origin-resource-policy": "cross-origin"}  # fmt: skip
        return Response(raw, media_type="image/png", headers=kept)

    @routes.post("/channels/presence", status_code=204)
    async def here(caller: Caller) -> Response:
        """Says that a page of the caller's is open and used; pages say so once a minute."""
        await us.presence.here(caller)
        return Response(status_code=204)

    @routes.put("/channels/presence", status_code=204)
    async def set_away(caller: Caller, body: Away) -> Response:
        """Away by hand, or again as the caller's own doings say."""
        await us.profiles.set_away(caller, body.away)
        return Response(status_code=204)

    @routes.post("/channels/{channel}/typing", status_code=204)
    async def typing(caller: Caller, channel: str, body: Typing) -> Response:
        """Tells who looks at a channel that the caller is writing."""
        await us.presence.typing(caller, channel, ts_of(body.thread_ts) if body.thread_ts else None)
        return Response(status_code=204)


def _profile(found: User, said: Profile, *, own: bool = True) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "display_name": found.display,
        "title": found.title,
        "phone": said.phone if own else "",
        "pronouns": said.pronouns,
        "status_text": said.status_text,
        "status_emoji": said.status_emoji,
        "status_until": said.status_until,
        "timezone": said.timezone,
        "fields": {name: dict(one) for name, one in said.fields.items()} if own else {},
        "photo": said.photo,
    }
