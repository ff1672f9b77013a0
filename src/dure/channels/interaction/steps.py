"""What interaction offers automations: running a function of an app."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.interaction.api import Interaction
from dure.state import Tx


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`app` is an app's name or id, `function` the callback_id of a function in its manifest."""

    app: str
    function: str
    inputs: dict[str, Any] = {}


class Started(msgspec.Struct, frozen=True):
    """The execution's id; how it ends is told by Function Completed or Function Failed."""

    execution: str


def steps(api: Interaction) -> list[StepKind]:
    """channels.function; once, in the run's transaction."""

    async def run(tx: Tx, call: StepCall, inputs: Run) -> Started:
        started = await api.execute_in(tx, call.principal, inputs.app, inputs.function, inputs.inputs)
        return Started(started.id)

    return [StepKind("channels.function", {"ko": "앱 함수 실행", "en": "Run an app's function"}, Run, Started, run)]
