"""What is found while files are read, gathered by kind, place and value."""

from __future__ import annotations

from dure.deals.imports.model import KINDS, Finding, Plan

_LINES = 20


class Findings:
    """Counts each and keeps its first lines."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._found: dict[tuple[str, str, str, str], tuple[int, list[int], str]] = {}

    def add(self, kind: str, file: str, line: int, field: str = "", value: str = "", suggestion: str = "") -> None:
        """`line` 0 is about the whole file."""
        if kind not in KINDS:
            raise KeyError(kind)
        place = (kind, file, field, value[:200])
        count, lines, known = self._found.get(place, (0, [], suggestion))
        if line and len(lines) < _LINES:
            lines.append(line)
        self._found[place] = (count + 1, lines, known)

    def all(self) -> list[Finding]:
        """Errors before warnings before the rest, then as the kinds are listed, the most frequent first."""
        weights, kinds = ("error", "warning", "info"), list(KINDS)
        made = [
            Finding(kind, file, field, value, count, tuple(lines), suggestion,
                    self._plan.fixes.get(f"{field}:{value}") is not None)
            for (kind, file, field, value), (count, lines, suggestion) in self._found.items()
        ]  # fmt: skip
        return sorted(
            made, key=lambda one: (weights.index(KINDS[one.kind][0]), kinds.index(one.kind), -one.count, one.value)
        )
