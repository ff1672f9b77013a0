"""Decisions about deals without any I/O: the first pipeline, names of rooms, what may be asked, money in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from dure.deals.model import Stage
from dure.kernel.errors import Invalid

# The pipeline a workspace begins with. Keys are what Salesforce calls the stage's ApiName.
FIRST_STAGES = (
    Stage("Prospecting", "발굴", "Prospecting", 10, 1, "", forecast="Pipeline"),
    Stage("Qualified", "검토", "Qualified", 25, 2, "", forecast="Pipeline"),
    Stage("Proposal", "제안", "Proposal", 50, 3, "", forecast="BestCase"),
    Stage("Negotiation", "협상", "Negotiation", 75, 4, "", forecast="MostLikely"),
    Stage("Closed Won", "수주", "Closed Won", 100, 5, "won", forecast="Closed"),
    Stage("Closed Lost", "실주", "Closed Lost", 0, 6, "lost", forecast="Omitted"),
)

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


def first_stage(stages: Mapping[str, Stage], pipeline: str = "") -> Stage:
    """Where a deal begins: the first stage of the pipeline (of the first one) that is in use and no end."""
    for stage in stages.values():
        if stage.active and not stage.outcome and pipeline in ("", stage.pipeline):
            return stage
    raise Invalid(f"The pipeline {pipeline!r} has no stage to begin in.", field="pipeline")


def first_stages(stages: Mapping[str, Stage]) -> list[Stage]:
    """Where deals begin, one for each pipeline."""
    found: dict[str, Stage] = {}
    for stage in stages.values():
        if stage.active and not stage.outcome:
            found.setdefault(stage.pipeline, stage)
    return list(found.values())


def lacking(stage: Stage, deal: Any) -> list[str]:
    """The fields that a deal has to have in this stage and does not."""

    def value(name: str) -> Any:
        return deal.custom.get(name) if name.endswith("__c") else getattr(deal, name, None)

    return [name for name in stage.required if value(name) in (None, "", (), [], 0)]


def require_fields(stage: Stage, deal: Any) -> None:
    """Invalid names every field that the stage asks for and the deal lacks."""
    fields = lacking(stage, deal)
    if fields:
        told = ", ".join(f"`{name}`" for name in fields)
        raise Invalid(f"A deal in {stage.name_en} has {told}.", field=fields[0], data={"fields": fields})


def check_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120:
        raise Invalid("A name has 1 to 120 characters.", field="name")
    return name


def days_of(text: str, field: str) -> timedelta:
    """Days (`3d`) or weeks (`2w`)."""
    found = re.fullmatch(r"(\d{1,4})([dw])", text.strip())
    if found is None:
        raise Invalid(f"`{field}` is days or weeks, such as 3d or 2w.", field=field)
    return timedelta(days=int(found[1]) * (7 if found[2] == "w" else 1))


def decimals(currency: str) -> int:
    """How many digits of a currency's amounts are behind the point."""
    return 0 if currency in _NO_DECIMALS else 2


def check_currency(currency: str) -> str:
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Invalid("`currency` is a code of ISO 4217, such as KRW.", field="currency")
    return currency


def in_words(amount: int, currency: str) -> str:
    """An amount as people say it: `1억 2,000만 원`, `USD 12,500.00`."""
    if currency == "KRW":
        eok, man = amount // 100_000_000, amount % 100_000_000 // 10_000
        parts = [f"{eok:,}억"] * (eok > 0) + [f"{man:,}만"] * (man > 0)
        return f"{' '.join(parts)} 원" if parts else f"{amount:,}원"
    if currency in _NO_DECIMALS:
        return f"{currency} {amount:,}"
    return f"{currency} {amount // 100:,}.{amount % 100:02}"
