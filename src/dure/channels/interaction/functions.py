"""Functions of apps that automations run: the app is told, works for as long as it needs, and says how it ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dure.channels.interaction import executions
from dure.channels.interaction.contact import of_app
from dure.channels.interaction.events import FUNCTION_COMPLETED, FUNCTION_EXECUTED, FUNCTION_FAILED, app_event
from dure.channels.interaction.executions import Execution
from dure.channels.interaction.refusals import (
    AccessDenied,
    ExecutionNotFound,
    ExecutionOver,
    FunctionNotFound,
    ParametersWrong,
)
from dure.channels.interaction.unfurls import Unfurls
from dure.channels.rules import clean
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.kernel.ids import slack_id
from dure.state import Tx

Json = dict[str, Any]

_LARGEST = 60_000
_LONGEST = 2_000


class Functions(Unfurls):
    async def execute_in(
        self, tx: Tx, principal: Principal, app: str, callback_id: str, inputs: Mapping[str, Any]
    ) -> Execution:
        """Starts a function that an app's manifest names, within a transaction; `app` is its id or its name.

        Raises FunctionNotFound, ParametersWrong where an input that the function needs is missing.
        """
        access(principal, "channels:write")
        found = await executions.function(tx, principal.tenant.workspace, app, callback_id)
        if found is None:
            raise FunctionNotFound(f"No app {app!r} here has a function {callback_id!r}.", field="callback_id")
        owner, function = found
        _complete(function.get("input_parameters"), inputs, "inputs")
        execution = Execution(
            slack_id("Fx"), principal.tenant.workspace, owner, callback_id, _small(inputs, "inputs"), "running",
            principal.run, self._clock.now(),
        )  # fmt: skip
        await executions.add(tx, execution)
        told = {"app": owner, "callback_id": callback_id}
        await append(tx, app_event(principal, self._clock, FUNCTION_EXECUTED, "function", execution.id, told))
        return execution

    async def complete(self, principal: Principal, id: str, outputs: Mapping[str, Any]) -> None:
        """The app is done. Raises ExecutionNotFound, AccessDenied, ExecutionOver, ParametersWrong."""
        await self._end(principal, id, outputs=outputs)

    async def fail(self, principal: Principal, id: str, error: str) -> None:
        """The app could not do it, and says why."""
        await self._end(principal, id, error=str(clean(error))[:_LONGEST])

    async def _end(
        self, principal: Principal, id: str, *, outputs: Mapping[str, Any] | None = None, error: str = ""
    ) -> None:
        async with self._state.begin(principal.tenant) as tx:
            execution = await executions.find(tx, principal.tenant.workspace, id)
            if execution is None:
                raise ExecutionNotFound(field="function_execution_id")
            if execution.app != of_app(principal).app:
                raise AccessDenied(field="function_execution_id")
            if execution.state != "running":
                raise ExecutionOver(field="function_execution_id")
            told: Json = {"app": execution.app, "callback_id": execution.callback_id, "by_run": execution.run}
            if outputs is None:
                await executions.end(tx, execution, "failed", None, error, self._clock.now())
                told["error"] = error
            else:
                found = await executions.function(tx, execution.workspace, execution.app, execution.callback_id)
                _complete((found[1] if found else {}).get("output_parameters"), outputs, "outputs")
                kept = _small(outputs, "outputs")
                await executions.end(tx, execution, "completed", kept, "", self._clock.now())
                told["outputs"] = kept
            name = FUNCTION_FAILED if outputs is None else FUNCTION_COMPLETED
            await append(tx, app_event(principal, self._clock, name, "function", execution.id, told))


def _complete(parameters: Any, given: Mapping[str, Any], field: str) -> None:
    """What the manifest says must be there is there."""
    for name, about in parameters.items() if isinstance(parameters, Mapping) else ():
        if isinstance(about, Mapping) and about.get("is_required") and given.get(name) is None:
            raise ParametersWrong(f"`{name}` is missing.", field=field)


def _small(given: Mapping[str, Any], field: str) -> Json:
    if len(json.dumps(given)) > _LARGEST:
        raise Invalid(f"`{field}` has at most {_LARGEST:,} bytes.", field=field)
    kept: Json = clean(dict(given))
    return kept
