"""Decisions about deals without any I/O: the first pipeline, names of rooms, what may be asked, money in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from dure.deals.model import Stage
from dure.kernel.errors import Invalid

# The pipeline a workspace begins with. Keys are what Salesforce calls the stage's ApiName.
FIRST_STAGES = (
    Stage("Prospecting", "발굴", "Prospecting", 10, 1, ""),
    Stage("Qualified", "검토", "Qualified", 25, 2, ""),
    Stage("Proposal", "제안", "Proposal", 50, 3, ""),
    Stage("Negotiation", "협상", "Negotiation", 75, 4, ""),
    Stage("Closed Won", "수주", "Closed Won", 100, 5, "won"),
    Stage("Closed Lost", "실주", "Closed Lost", 0, 6, "lost"),
)

LARGEST_AMOUNT = 10**15
_NO_DECIMALS = frozenset({"KRW", "JPY", "VND", "CLP"})
_NOT_IN_A_SLUG = re.compile(r"[^0-9a-z\u3131-\u318e\uac00-\ud7a3\u3040-\u30ff\u4e00-\u9fff]+")


def slug_of(name: str, taken: Iterable[str]) -> str:
    """The deal's name as a part of a channel's name: small letters, digits, Korean, hyphens; not among `taken`."""
    base = _NOT_IN_A_SLUG.sub("-", name.lower()).strip("-")[:60].strip("-") or "deal"
    used = set(taken)
    if base not in used:
        return base
    number = 2
    while f"{base}-{number}" in used:
        number += 1
    return f"{base}-{number}"


def stage_of(stages: Mapping[str, Stage], key: str) -> Stage:
    """The stage by its key; Invalid lists the keys there are."""
    found = stages.get(key)
    if found is None:
        raise Invalid(f"There is no stage {key!r}; there are {', '.join(stages)}.", field="stage")
    return found


def check_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120:
        raise Invalid("A name has 1 to 120 characters.", field="name")
    return name


def check_amount(amount: int) -> int:
    if not 0 <= amount <= LARGEST_AMOUNT:
        raise Invalid("`amount` is a whole number of minor units, 0 or more.", field="amount")
    return amount


def check_currency(currency: str) -> str:
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Invalid("`currency` is a code of ISO 4217, such as KRW.", field="currency")
    return currency


def check_close_date(day: date) -> date:
    if not date(1990, 1, 1) <= day <= date(2100, 1, 1):
        raise Invalid("`close_date` lies between 1990 and 2100.", field="close_date")
    return day


def in_words(amount: int, currency: str) -> str:
    """An amount as people say it: `1억 2,000만 원`, `USD 12,500.00`."""
    if currency == "KRW":
        eok, man = amount // 100_000_000, amount % 100_000_000 // 10_000
        parts = [f"{eok:,}억"] * (eok > 0) + [f"{man:,}만"] * (man > 0)
        return f"{' '.join(parts)} 원" if parts else f"{amount:,}원"
    if currency in _NO_DECIMALS:
        return f"{currency} {amount:,}"
    return f"{currency} {amount // 100:,}.{amount % 100:02}"
