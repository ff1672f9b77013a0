"""What experiments hold about a person: what a flag was set to for them alone. Arms are drawn and not kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.experiments import store
from dure.kernel.whom import Whom
from dure.state import Tx

_THEIRS = "workspace = %s and distinct_id = any(%s)"


class ExperimentHolder:
    """Exceptions of flags, by distinct id."""

    name = "experiments"
    tables: Sequence[str] = ("experiments.override",)

    async def trace(self, tx: Tx, whom: Whom) -> Whom:  # noqa: ARG002
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        rows = await tx.rows(f"select * from experiments.override where {_THEIRS}", _of(whom))
        return {"experiments-override": rows}

    async def erase(self, tx: Tx, whom: Whom) -> int:
        gone = await tx.run(f"delete from experiments.override where {_THEIRS}", _of(whom))
        if gone:
            await store.touch(tx, whom.tenant.workspace)
        return gone


def _of(whom: Whom) -> tuple[str, list[str]]:
    return whom.tenant.workspace, list(whom.ids)
