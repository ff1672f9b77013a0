"""`blocks.validate`: what would be wrong with blocks, without posting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.blockkit import check as blockkit
from dure.channels.refusals import InvalidBlocks, InvalidBlocksFormat
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def validate(call: Call) -> dict[str, Any]:
    """Blocks of a message, or those of a `view`."""
    view = call.arguments.structure("view", dict)
    if view is not None:
        kind = view.get("type")
        if kind not in ("modal", "home"):
            raise Refused("invalid_arguments", "[ERROR] failed to match all allowed schemas [json-pointer:/view]")
        problems = blockkit.check(view.get("blocks"), kind)
    else:
        blocks = call.arguments.structure("blocks", list)
        if blocks is None:
            raise InvalidBlocksFormat(field="blocks")
        problems = blockkit.check(blocks)
    if problems:
        raise InvalidBlocks(problems)
    return {}


METHODS: Mapping[str, Method] = {"blocks.validate": Method(validate)}
