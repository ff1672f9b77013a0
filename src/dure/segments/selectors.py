"""An event selector as SQL over `events as e`: which event, and under which conditions on its properties."""

from __future__ import annotations

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.segments.model import ANYTHING
from dure.segments.rules import check_prop
from dure.segments.sql import OURS, Statement, column, condition


class Selector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An event by name, `*` for whatever a person did, and filters on its properties."""

    event: str = ANYTHING
    where: tuple[Filter, ...] = ()


def check_selector(selector: Selector, field: str) -> None:
    """Invalid names the field of a selector that cannot be asked."""
    if not selector.event.strip() or len(selector.event) > 255:
        raise Invalid("`event` is the name of an event, or * for anything.", field=f"{field}.event")
    for one in selector.where:
        check_prop(one.prop)


def matching(selector: Selector, statement: Statement) -> str:
    """The condition under which an event `e` is meant; what was typed in is bound to the statement."""
    parts = [f"e.source not in {OURS}" if selector.event == ANYTHING
             else f"e.event = {statement.bind(selector.event, 'String')}"]  # fmt: skip
    for one in selector.where:
        holder = column(one.prop)
        parts.append(condition(one, f"toString({holder})", f"isNotNull({holder})", statement, holder))
    return "(" + " and ".join(parts) + ")"
