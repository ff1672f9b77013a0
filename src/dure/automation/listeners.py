"""The automations that listen to one event's name, found by the first property that must equal something.

A thousand automations may listen to *Deal Stage Changed*, each for its own stage: an event then looks at the few that
may mean it, not at all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dure.automation import template
from dure.automation.plan import Plan
from dure.kernel.filters import Filter


@dataclass
class Listeners:
    """Plans with the feed position from which their triggers count."""

    always: list[tuple[Plan, int]] = field(default_factory=list)
    by_value: dict[str, dict[Any, list[tuple[Plan, int]]]] = field(default_factory=dict)

    def add(self, plan: Plan, since: int) -> None:
        found = next(filter(_decides, plan.definition.trigger.where), None)
        if found is None:
            self.always.append((plan, since))
            return
        values = found.value if found.op == "in" else [found.value]
        table = self.by_value.setdefault(found.prop, defaultdict(list))
        for value in {_same(value) for value in values}:
            table[value].append((plan, since))

    def meant(self, event: Mapping[str, Any], position: int) -> list[Plan]:
        """The plans that an event may start; its other filters are still to be asked."""
        found = [plan for plan, since in self.always if position >= since]
        properties = event.get("properties") or {}
        for prop, table in self.by_value.items():
            value = template.look(properties, prop)
            if value is not None:
                found += [plan for plan, since in table.get(_same(value), ()) if position >= since]
        return found


def _decides(condition: Filter) -> bool:
    return (
        condition.op in ("=", "in")
        and "." not in condition.prop  # what a path begins with may be a thing that is known elsewhere
        and condition.value is not None
        and not isinstance(condition.value, dict)
    )


def _same(value: Any) -> Any:
    """One key for all values that filters hold to be equal: numbers by value, everything else by its text in small
    letters. It may take two for one that are not; the filters decide then."""
    if not isinstance(value, bool):
        try:
            return float(value)
        except (TypeError, ValueError):
            pass
    return str(value).lower()
