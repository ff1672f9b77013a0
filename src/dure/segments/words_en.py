"""Rules in English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dure.kernel.filters import Filter
from dure.segments.counted_words import counted_en
from dure.segments.model import (
    ANYTHING,
    All,
    Amount,
    Counted,
    Did,
    Either,
    FirstSeen,
    Frequency,
    History,
    In,
    LastSeen,
    Leaf,
    Listed,
    Metric,
    Not,
    Rule,
    Selector,
    Sequence,
    Share,
    Trait,
)

Called = Callable[[str, str, str], str]

_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}
_OPS = {
    "=": "{p} is {v}", "!=": "{p} is not {v}", "in": "{p} is one of {v}", "not_in": "{p} is none of {v}",
    "contains": "{p} contains {v}", ">": "{p} > {v}", ">=": "{p} ≥ {v}", "<": "{p} < {v}", "<=": "{p} ≤ {v}",
    "set": "{p} is known", "not_set": "{p} is not known",
}  # fmt: skip
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}
_MEASURES = {"sum": "sum", "average": "average", "min": "smallest", "max": "largest"}
_HISTORY = {
    "entered": "entered {c}", "got": "got a message of {c}", "opened": "opened a message of {c}",
    "clicked": "clicked in a message of {c}", "held": "was held back by {c} as its control",
    "skipped": "was passed over by {c}",
}  # fmt: skip


def english(rule: Rule, called: Called, inner: bool = False) -> str:
    if isinstance(rule, All | Either):
        joined = (" and " if isinstance(rule, All) else " or ").join(english(part, called, True) for part in rule.of)
        return f"({joined})" if inner and len(rule.of) > 1 else joined
    if isinstance(rule, Not):
        if isinstance(rule.of, Did) and rule.of.measure == "times" and (rule.of.at_least, rule.of.at_most) == (1, None):
            said = _did(rule.of, called).replace(" at least 1 time", "")
            return "was not active" + said[10:] if said.startswith("was active") else "did not do" + said[3:]
        return f"not: {english(rule.of, called, True)}"
    return _KINDS[type(rule)](rule, called)


def _did(rule: Did, called: Called) -> str:  # noqa: ARG001
    days = rule.measure == "days"
    many = _many(rule.at_least, rule.at_most, "day" if days else "time")
    what = "was active" if rule.event == ANYTHING else f"did “{rule.event}”"
    return f"{what}{_filters(rule.where)} {'on ' if days else ''}{many}{_window(rule)}"


def _seen(rule: LastSeen | FirstSeen, called: Called) -> str:  # noqa: ARG001
    which = "last" if isinstance(rule, LastSeen) else "first"
    what = f"{which} active" if rule.event == ANYTHING else f"{which} “{rule.event}”"
    parts = [f"more than {_length(rule.over)} ago"] if rule.over else []
    parts += [f"within {_length(rule.under)}"] if rule.under else []
    return f"{what}{_filters(rule.where)} {' and '.join(parts)}"


def _frequency(rule: Frequency, called: Called) -> str:  # noqa: ARG001
    what = "was active" if rule.event == ANYTHING else f"did “{rule.event}”"
    many = _many(rule.at_least, rule.at_most, "time")
    unit = f"30 days, {rule.periods} times over" if rule.per == "month" else f"{rule.periods} {rule.per}s"
    how = f"in every {rule.per}" if rule.every else f"a {rule.per} on average"
    return f"{what}{_filters(rule.where)} {many} {how} over the last {unit}"


def _amount(rule: Amount, called: Called) -> str:  # noqa: ARG001
    sign = _SIGNS.get(rule.op, rule.op)
    return f"{_MEASURES[rule.measure]} of {rule.prop} over {_what(rule)} {sign} {_number(rule.value)}{_window(rule)}"


def _sequence(rule: Sequence, called: Called) -> str:  # noqa: ARG001
    said = ", then ".join(_what(step) for step in rule.steps)
    without = f" without {' or '.join(_what(one) for one in rule.without)} between" if rule.without else ""
    span = f" within {_length(rule.span)}" if rule.span else ""
    return f"did {said}{span}{without}" + (f" in the last {_length(rule.within)}" if rule.within else "")


def _trait(rule: Trait, called: Called) -> str:  # noqa: ARG001
    return ("account’s " if rule.of == "account" else "") + filter_en(rule.filter)


def _metric(rule: Metric, called: Called) -> str:
    sign = _SIGNS.get(rule.op, rule.op)
    return f"metric “{called('metric', rule.metric, 'en')}” {sign} {_number(rule.value)}{_window(rule)}"


def _history(rule: History, called: Called) -> str:
    which = f"campaign “{called('campaign', rule.campaign, 'en')}”" if rule.campaign else "any campaign"
    many = "" if (rule.at_least, rule.at_most) == (1, None) else f" {_many(rule.at_least, rule.at_most, 'time')}"
    return f"{_HISTORY[rule.what].format(c=which)}{many}{_window(rule)}"


def _share(rule: Share, called: Called) -> str:  # noqa: ARG001
    start = f", from {_percent(rule.start)} on" if rule.start else ""
    return f"a random {_percent(rule.share)} (lot “{rule.seed}”{start})"


def _listed(rule: Listed, called: Called) -> str:
    return f"is in “{called('segment', rule.segment, 'en')}”" if rule.segment else "A list made by hand"


def _in(rule: In, called: Called) -> str:
    return f"is in “{called('segment', rule.segment, 'en')}”"


def _counted(rule: Counted, called: Called) -> str:  # noqa: ARG001
    return counted_en(rule)


_KINDS: dict[type[Leaf], Callable[[Any, Called], str]] = {
    Did: _did, LastSeen: _seen, FirstSeen: _seen, Frequency: _frequency, Amount: _amount, Sequence: _sequence,
    Trait: _trait, Metric: _metric, History: _history, Share: _share, Listed: _listed, In: _in, Counted: _counted,
}  # fmt: skip


def filter_en(where: Filter) -> str:
    value = ", ".join(map(str, where.value)) if isinstance(where.value, list | tuple) else str(where.value)
    return _OPS[where.op].format(p=where.prop, v=value)


def _what(one: Amount | Selector) -> str:
    return ("anything" if one.event == ANYTHING else f"“{one.event}”") + _filters(one.where)


def _filters(where: tuple[Filter, ...]) -> str:
    return f" ({', '.join(filter_en(each) for each in where)})" if where else ""


def _window(rule: Did | Amount | Metric | History) -> str:
    if rule.before:
        until = f" until {_length(rule.before)} ago"
        return f" in the {_length(rule.within)}{until}" if rule.within else until
    return f" in the last {_length(rule.within)}" if rule.within else ""


def _many(least: float, most: float | None, unit: str) -> str:
    plural = "s" if (least if most is None else most) != 1 else ""
    if most is None:
        return f"at least {_number(least)} {unit}{plural}"
    return f"{'exactly ' + _number(least) if most == least else f'{_number(least)} to {_number(most)}'} {unit}{plural}"


def _number(value: float) -> str:
    return f"{value:,.10g}" if abs(value) < 1e9 else f"{value:,.0f}"


def _percent(share: float) -> str:
    return f"{share * 100:.4g}%"


def _length(text: str | None) -> str:
    if not text:
        return ""
    number = int(text[:-1])
    return f"{number} {_UNITS[text[-1]]}{'s' if number != 1 else ''}"
