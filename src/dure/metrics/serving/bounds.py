"""What one question may cost. Beyond that it is stopped, with an error that names the limit (`log.refusal`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bounds:
    """For each statement of a question: seconds, bytes of memory, rows read and rows that come back."""

    seconds: float = 60.0
    memory: int = 3 << 30
    rows: int = 2_000_000_000
    result_rows: int = 1_000_000

    @property
    def settings(self) -> Mapping[str, Any]:
        """As ClickHouse takes them; grouping and sorting spill to disk before the memory is full."""
        return {
            "max_memory_usage": self.memory,
            "max_bytes_before_external_group_by": self.memory // 3,
            "max_bytes_before_external_sort": self.memory // 3,
            "max_rows_to_read": self.rows,
            "max_result_rows": self.result_rows,
            "result_overflow_mode": "throw",
        }
