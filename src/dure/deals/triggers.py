"""What about a deal may start an automation: it reaches a stage or a probability, or one of its fields changes."""

from __future__ import annotations

from typing import Literal

import msgspec

from dure.automation.plugs import TriggerKind
from dure.deals import events
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of `stage` (a stage's key) and `probability` (percent, reached from below). `every` is the deal's first time
    or each time. Deals that are brought in with their past do not count."""

    stage: str = ""
    probability: int | None = None
    every: Literal["first", "each"] = "first"
    amount_at_least: int = 0


class Changed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`field` is a field's name, such as amount, close_date or owner; empty for any."""

    field: str = ""


_NOT_LOADED = Filter("loaded", "!=", True)


def _stage(given: Stage) -> list[Filter]:
    if bool(given.stage) == (given.probability is not None):
        raise Invalid("Give one of `stage` and `probability`.", field="stage")
    where = [_NOT_LOADED]
    if given.stage:
        where.append(Filter("to", "=", given.stage))
    elif given.probability is not None:
        if not 1 <= given.probability <= 100:
            raise Invalid("`probability` is 1 to 100.", field="probability")
        where += [Filter("probability", ">=", given.probability), Filter("probability_before", "<", given.probability)]
    return [*where, Filter("amount", ">=", given.amount_at_least)] if given.amount_at_least else where


def _changed(given: Changed) -> list[Filter]:
    return [_NOT_LOADED, Filter("changed", "contains", given.field)] if given.field else [_NOT_LOADED]


TRIGGERS = [
    TriggerKind(
        "deals.stage", {"ko": "거래가 단계에 이르면", "en": "A deal reaches a stage"}, events.DEAL_STAGE_CHANGED, Stage,
        _stage,
        {"ko": "거래가 어떤 단계나 확률에 이르면, 거래마다 처음 한 번 또는 그때마다 시작합니다.",
         "en": "A deal reaches a stage or a probability: once for each deal, or each time."},
        key=lambda given: "event.properties.deal" if given.every == "first" else "event",
    ),
    TriggerKind(
        "deals.changed", {"ko": "거래 내용이 바뀌면", "en": "A deal's field changes"}, events.DEAL_CHANGED, Changed,
        _changed,
        {"ko": "금액, 마감일, 담당자 같은 항목이 바뀌면 시작합니다.",
         "en": "Amount, close date, owner or another field of a deal changes."},
    ),
]  # fmt: skip
