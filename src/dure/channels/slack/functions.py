"""`functions.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def complete_success(call: Call) -> dict[str, Any]:
    execution = _execution(call)
    try:
        outputs = call.arguments.structure("outputs", dict)
    except Refused as error:
        raise Refused("parameter_validation_failed", *error.messages) from error
    await call.interaction.complete(call.principal, execution, outputs or {})
    return {}


async def complete_error(call: Call) -> dict[str, Any]:
    execution = _execution(call)
    await call.interaction.fail(call.principal, execution, call.arguments.needed("error"))
    return {}


def _execution(call: Call) -> str:
    if not call.principal.app:
        raise Refused("not_allowed_token_type")
    return call.arguments.needed("function_execution_id")


METHODS: Mapping[str, Method] = {
    "functions.completeError": Method(complete_error),
    "functions.completeSuccess": Method(complete_success),
}
