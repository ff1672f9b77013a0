"""The statements of one question: under one mark, within its bounds, and what they cost so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.serving.bounds import Bounds
from dure.metrics.sql import Ask


@dataclass(slots=True)
class Reading:
    """What the statements of one question read so far."""

    log: Log
    tenant: Tenant
    seconds: float = 0.0
    rows: int = 0
    bounds: Bounds = field(default_factory=Bounds)
    mark: str = ""

    async def rows_of(self, sql: str, ask: Ask) -> Sequence[Sequence[Any]]:
        answer = await self.log.query(
            self.tenant, sql, ask.words.values, settings=self.bounds.settings, seconds=self.bounds.seconds,
            mark=self.mark,
        )  # fmt: skip
        self.seconds += answer.seconds
        self.rows += answer.rows_read
        return answer.rows
