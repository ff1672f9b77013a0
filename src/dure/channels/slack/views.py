"""`views.*`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping
from typing import Any

from dure.channels.interaction.api import View
from dure.channels.interaction.payloads import view_shape
from dure.channels.interaction.refusals import InvalidView
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def open_(call: Call) -> dict[str, Any]:
    trigger, view = _trigger(call), _view(call)
    return await _shown(call.interaction.open_view(_app(call), trigger, view))


async def push(call: Call) -> dict[str, Any]:
    trigger, view = _trigger(call), _view(call)
    return await _shown(call.interaction.push_view(_app(call), trigger, view))


async def update(call: Call) -> dict[str, Any]:
    named, external_id = call.arguments.text("view_id").strip(), call.arguments.text("external_id").strip()
    if not named and not external_id:
        raise Refused("invalid_arguments", "[ERROR] missing required field: view_id or external_id")
    changed = call.interaction.update_view(
        _app(call), _view(call), id=named, external_id="" if named else external_id, hash=call.arguments.text("hash")
    )
    return await _shown(changed)


async def publish(call: Call) -> dict[str, Any]:
    user, view = call.arguments.needed("user_id"), _view(call)
    return await _shown(call.interaction.publish_view(_app(call), user, view, hash=call.arguments.text("hash")))


async def _shown(made: Awaitable[View]) -> dict[str, Any]:
    try:
        return {"view": view_shape(await made)}
    except InvalidView as error:
        raise Refused("invalid_arguments", *(f"[ERROR] {message}" for message in error.messages)) from error


def _app(call: Call) -> Any:
    if not call.principal.app:
        raise Refused("not_allowed_token_type")
    return call.principal


def _trigger(call: Call) -> str:
    """Clients of older apps call it `interactivity_pointer`."""
    return call.arguments.text("trigger_id").strip() or call.arguments.needed("interactivity_pointer")


def _view(call: Call) -> Any:
    given = call.arguments.values.get("view")
    if isinstance(given, str) and given.strip():
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as error:
            raise Refused("invalid_arguments", "[ERROR] view is not JSON [json-pointer:/view]") from error
    if given is None or given == "":
        raise Refused("invalid_arguments", "[ERROR] missing required field: view")
    return given


METHODS: Mapping[str, Method] = {
    "views.open": Method(open_),
    "views.publish": Method(publish),
    "views.push": Method(push),
    "views.update": Method(update),
}
