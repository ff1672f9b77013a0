"""What segments hold about a person: in which ones and in which stage they are, what was foretold of them, and in which
half they were handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.state import Tx

_THEIRS = "workspace = %s and person = any(%s)"


class SegmentHolder:
    """Members and handed-over lists; sizes of the past stay as they were."""

    name = "segments"
    tables: Sequence[str] = (
        "segments.member", "segments.handover_person", "segments.person_stage", "segments.score_person",
    )  # fmt: skip

    async def trace(self, tx: Tx, whom: Whom) -> Whom:  # noqa: ARG002
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {
            table.replace(".", "-"): await tx.rows(f"select * from {table} where {_THEIRS}", _of(whom))
            for table in self.tables
        }

    async def erase(self, tx: Tx, whom: Whom) -> int:
        return sum([await tx.run(f"delete from {table} where {_THEIRS}", _of(whom)) for table in self.tables])


def _of(whom: Whom) -> tuple[str, list[Any]]:
    return whom.tenant.workspace, list(whom.people)
