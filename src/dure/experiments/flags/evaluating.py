"""What a flag is for somebody. Pure. Shares are drawn as PostHog draws them, so that its clients that evaluate by
themselves come to the same answers; an experiment's arms are drawn as everywhere else in Dure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dure.experiments.drawing import Draw
from dure.experiments.flags.audience import meant
from dure.experiments.flags.model import Condition, Flag, trait
from dure.kernel.filters import holds
from dure.segments.api import Rule

_SCALE = float(0xFFFFFFFFFFFFFFF)
Value = bool | str


@dataclass(frozen=True, slots=True)
class Linked:
    """The experiment whose arms a flag gives out, as far as giving them out needs it. `decided` is the arm that
    everybody gets; `open` whether people are still counted."""

    id: str
    state: str
    draw: Draw
    audience: Rule | None
    decided: str = ""

    @property
    def open(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a flag is asked for. `unit` is the person under the id they have now."""

    distinct_id: str
    unit: str
    traits: Mapping[str, Any] = field(default_factory=dict)
    segments: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A flag's value with the reason, in PostHog's words for reasons; `arm` where an experiment gave it out."""

    value: Value
    code: str
    condition: int | None = None
    arm: str = ""


_OFF = Found(False, "flag_disabled")


def evaluate(flag: Flag, linked: Linked | None, whose: Whose) -> Found:
    """A disabled flag is false for everybody; then exceptions for single people count, then conditions."""
    if not flag.design.active:
        return _OFF
    override = flag.overrides.get(whose.distinct_id)
    if override is not None:
        return Found({"true": True, "false": False}.get(override, override), "override")
    if flag.design.experiment is not None:
        return _arm(linked, whose)
    reached = False
    for place, condition in enumerate(flag.design.conditions):
        if not _holds(condition, whose):
            continue
        reached = True
        if condition.rollout < 1 and drawn(flag.key, whose.distinct_id) > condition.rollout:
            continue
        variant = condition.variant or _variant(flag, whose.distinct_id)
        return Found(variant or True, "condition_match", place)
    return Found(False, "out_of_rollout_bound" if reached else "no_condition_match")


def payload(flag: Flag, value: Value) -> str | None:
    """The payload as the JSON text that clients expect."""
    if value is False:
        return None
    name = "true" if value is True else value
    if name not in flag.design.payloads:
        return None
    return msgspec.json.encode(flag.design.payloads[name]).decode()


def drawn(key: str, distinct_id: str, salt: str = "") -> float:
    """PostHog's lot of somebody for a flag: the first sixty bits of SHA-1."""
    text = f"{key}.{distinct_id}{salt}".encode()
    return int(hashlib.sha1(text, usedforsecurity=False).hexdigest()[:15], 16) / _SCALE


def _variant(flag: Flag, distinct_id: str) -> str:
    if not flag.design.variants:
        return ""
    lot, edge = drawn(flag.key, distinct_id, "variant"), 0.0
    for variant in flag.design.variants:
        edge += variant.share
        if lot < edge:
            return variant.name
    return flag.design.variants[-1].name


def _holds(condition: Condition, whose: Whose) -> bool:
    if condition.segment and condition.segment not in whose.segments:
        return False
    return all(holds(each, whose.traits.get(trait(each.prop))) for each in condition.where)


def _arm(linked: Linked | None, whose: Whose) -> Found:
    if linked is None or linked.state == "draft":
        return Found(False, "no_condition_match")
    if linked.decided:
        return Found(linked.decided, "condition_match", 0)
    if linked.audience is not None and not meant(linked.audience, whose.traits, whose.segments):
        return Found(False, "no_condition_match")
    arm = linked.draw.arm(whose.unit)
    return Found(arm, "condition_match", 0, arm) if arm else Found(False, "out_of_rollout_bound")
