"""The workspace's own emoji over HTTP."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from fastapi import Response

from dure.channels.api import Channels
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewEmoji:
    """Either another emoji's name, or a picture of at most 128 KB in Base64."""

    alias: str = ""
    picture: str = ""


def add(routes: APIRouter, api: Channels) -> None:
    @routes.get("/emoji")
    async def emoji(caller: Caller) -> dict[str, Any]:
        """The workspace's own emoji."""
        found = await api.emoji(caller)
        return {
            "emoji": [
                {"name": one.name, "alias": one.alias, "url": "" if one.alias else one.address, "by": one.made_by}
                for one in found
            ]
        }

    @routes.get("/emoji/{name}")
    async def picture(caller: Caller, name: str) -> Response:
        """An emoji's picture."""
        kind, content = await api.emoji_picture(caller, name)
        headers = {"cache-control": "private, max-age=3600", "content-security-policy": "default-src 'none'"}
        return Response(content, headers=headers, media_type=kind)

    @routes.put("/emoji/{name}", status_code=204)
    async def create(caller: Caller, name: str, body: NewEmoji) -> Response:
        """Adds an emoji; administrators only."""
        try:
            content = base64.b64decode(body.picture, validate=True) if body.picture else None
        except (binascii.Error, ValueError) as error:
            raise Invalid("`picture` is Base64.", field="picture") from error
        await api.add_emoji(caller, name, alias=body.alias, picture=content)
        return Response(status_code=204)

    @routes.delete("/emoji/{name}", status_code=204)
    async def remove(caller: Caller, name: str) -> Response:
        """Takes an emoji away; administrators only."""
        await api.remove_emoji(caller, name)
        return Response(status_code=204)
