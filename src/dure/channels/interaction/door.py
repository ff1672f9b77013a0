"""Where apps answer later: `/slack/actions/…` and `/slack/commands/…`, unguessable and without a token."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dure.channels.interaction.api import Interaction
from dure.channels.slack.arguments import Arguments, Refused, read_arguments
from dure.kernel.errors import DureError
from dure.web.routing import APIRouter


def replies(interaction: Interaction) -> APIRouter:
    """The routes behind every `response_url`."""
    router = APIRouter()

    async def answer(request: Request) -> Response:
        at = request.path_params
        try:
            body = _said(await read_arguments(request))
            await interaction.reply(at["workspace"], at["number"], at["secret"], body)
        except Refused as refused:
            return JSONResponse({"ok": False, "error": refused.error}, 400)
        except DureError as error:
            status = error.status if error.status in (404, 429, 503) else 400
            return JSONResponse({"ok": False, "error": error.code}, status)
        return PlainTextResponse("ok")

    for kind in ("actions", "commands"):
        path = f"/slack/{kind}/{{workspace}}/{{number}}/{{secret}}"
        router.add_api_route(path, answer, methods=["POST"], include_in_schema=False, response_model=None)
    return router


def _said(arguments: Arguments) -> dict[str, Any]:
    """The answer: JSON as it is, or a form's `payload`; blocks may be written as JSON inside."""
    values = arguments.values
    if isinstance(values.get("payload"), str):
        try:
            values = json.loads(values["payload"])
        except (ValueError, RecursionError) as error:
            raise Refused("invalid_payload") from error
        if not isinstance(values, dict):
            raise Refused("invalid_payload")
    inner = Arguments(values)
    lists = {name: inner.structure(name, list) for name in ("blocks", "attachments") if values.get(name)}
    flags = {name: inner.flag(name) for name in ("replace_original", "delete_original")}
    return {**values, **lists, **flags}
