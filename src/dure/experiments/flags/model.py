"""A flag as a value: variants with payloads, conditions in order, exceptions for single people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.experiments.design import both
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
_MOST = 50


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Never changed, and a misspelt field is an error."""


class Variant(_Value, frozen=True):
    """One of several values and the share of people it gets."""

    name: str
    share: float


class Condition(_Value, frozen=True):
    """For whom: traits that must all hold, a segment they are in, and which share of these. `variant` gives all of
    them one variant instead of drawing."""

    where: tuple[Filter, ...] = ()
    segment: str = ""
    rollout: float = 1.0
    variant: str = ""


class FlagDesign(_Value, frozen=True):
    """Without variants a flag is true or false. The first condition that holds decides; where none does it is false.

    With an `experiment` its arms are the variants, and the experiment says who gets which: conditions and variants
    stay empty. `expose` says when somebody counts as exposed: when a program asked for this very flag and said so
    (`called`, as PostHog's clients do), or whenever it was answered (`evaluated`). `payloads` are by variant, that of
    a flag without variants by `true`.
    """

    name: dict[str, str] = {}
    active: bool = True
    variants: tuple[Variant, ...] = ()
    conditions: tuple[Condition, ...] = (Condition(),)
    payloads: dict[str, Any] = {}
    experiment: str | None = None
    expose: Literal["called", "evaluated"] = "called"


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as it is kept; `number` is the id that PostHog's clients see, `overrides` values by distinct id."""

    key: str
    number: int
    design: FlagDesign
    version: int
    by: str
    created_at: datetime
    changed_at: datetime
    overrides: Mapping[str, str] = field(default_factory=dict)


def read_flag(raw: Mapping[str, Any]) -> FlagDesign:
    """A design out of decoded JSON; Invalid names the field."""
    given = dict(raw)
    if "name" in given:
        given["name"] = both(given["name"], "name")
    try:
        design = msgspec.convert(given, FlagDesign)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field=path.rstrip("`").lstrip(".") or None) from error
    names = [variant.name for variant in design.variants]
    for place, name in enumerate(names):
        if not KEY.fullmatch(name) or name in ("true", "false"):
            raise Invalid("A variant has a name of Latin letters and digits.", field=f"variants[{place}].name")
    if len(set(names)) < len(names):
        raise Invalid("Two variants have the same name.", field="variants")
    if names and (
        min(variant.share for variant in design.variants) < 0
        or abs(sum(variant.share for variant in design.variants) - 1) > 1e-6
    ):
        raise Invalid("The variants' shares are not negative and sum to 1.", field="variants")
    if max(len(names), len(design.conditions)) > _MOST:
        raise Invalid(f"At most {_MOST} of them.", field="conditions")
    if design.experiment is not None and (design.variants or design.conditions not in ((), (Condition(),))):
        raise Invalid("An experiment's flag gives out its arms: leave variants and conditions out.", field="variants")
    for place, condition in enumerate(design.conditions):
        if not 0 <= condition.rollout <= 1:
            raise Invalid("`rollout` is from 0 to 1.", field=f"conditions[{place}].rollout")
        if condition.variant and condition.variant not in names:
            raise Invalid(f"There is no variant {condition.variant!r}.", field=f"conditions[{place}].variant")
    return design


def trait(prop: str) -> str:
    """`person.plan` and `plan` are the same trait here."""
    return prop.removeprefix("person.")
