"""How alike two records are: what they share by kind, and how near their names come."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from dure.deals.merge.keys import company, person
from dure.deals.merge.model import Reason

# How much each kind of agreement says by itself. Several together say more, and never more than 1.
WEIGHTS: Mapping[str, Mapping[Reason, float]] = {
    "account": {"name": 0.75, "similar_name": 0.4, "domain": 0.6, "phone": 0.5},
    "contact": {"email": 0.9, "phone": 0.5, "name": 0.4, "same_account": 0.35},
    "lead": {"email": 0.9, "phone": 0.5, "name": 0.4, "same_account": 0.35},
    "deal": {"name": 0.4, "same_account": 0.3, "same_amount": 0.2},
}
SUSPECT = 0.55
_NEAR = 0.82


def score(object_: str, one: Any, other: Any, keys: Iterable[str]) -> tuple[float, tuple[Reason, ...]]:
    """A score and its reasons; `keys` are what the two are found by together."""
    weights = WEIGHTS[object_]
    found: set[Reason] = {key.split(":")[0] for key in keys}  # type: ignore[misc]
    if object_ == "account" and "name" not in found and _near(company(one.name), company(other.name)):
        found.add("similar_name")
    if object_ in ("contact", "lead") and "name" not in found and _near(person(one.name), person(other.name)):
        found.add("name")
    if _at(one) and _at(one) == _at(other):
        found.add("same_account")
    if object_ == "deal" and one.amount and (one.amount, one.currency) == (other.amount, other.currency):
        found.add("same_amount")
    left = 1.0
    for reason in found:
        left *= 1 - weights.get(reason, 0)
    reasons = tuple(sorted(found & set(weights), key=lambda reason: (-weights[reason], reason)))
    return round(1 - left, 3), reasons


def _at(one: Any) -> str:
    return str(getattr(one, "account", "") or company(getattr(one, "company", "") or ""))


def _near(one: str, other: str) -> bool:
    return bool(one and other) and difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= _NEAR
