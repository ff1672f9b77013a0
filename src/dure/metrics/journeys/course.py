"""A journey map as a value: stages in order, each with an owner, an entry rule and how it is held. No SQL, no I/O."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.metrics.catalogue.catalogue import id_of
from dure.metrics.question import Selector, seconds_of
from dure.metrics.sql import path

IDENTIFIED = "Identified"
MOST_STAGES = 20
MOST_CLAUSES = 5
MOST_ACTIVITY = 10
_LONGEST_NAME = 80
_LONGEST_TEXT = 500
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
# Whoever never said anything would meet these since for ever: nobody can be said to have entered by them.
_NEGATED = ("!=", "not_in", "not_set")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a stage is entered, in one of three ways: at least so many of an event within a time (none: ever), a trait of
    the person, or `any` of several such rules."""

    event: str | None = None
    where: tuple[Filter, ...] = ()
    at_least: int = 1
    within: str | None = None
    trait: Filter | None = None
    any: tuple[Rule, ...] = ()

    @property
    def clauses(self) -> tuple[Rule, ...]:
        """The rules of which one is enough; a rule of its own is the only one."""
        return self.any or (self,)

    @property
    def selector(self) -> Selector:
        return Selector(event=self.event or "", where=self.where)

    @property
    def within_us(self) -> int | None:
        return None if self.within is None else seconds_of(self.within, "within") * 1_000_000


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One place of the journey. `holds`: once entered it stays met, or only while the rule is true. After `patience`
    without activity a person counts as dropped here (none: never)."""

    name_ko: str
    name_en: str
    rule: Rule
    id: str = ""
    about_ko: str = ""
    about_en: str = ""
    function: str = ""
    holds: Literal["once", "while"] = "once"
    patience: str | None = None
    metric: str | None = None

    @property
    def patience_us(self) -> int | None:
        return None if self.patience is None else seconds_of(self.patience, "patience") * 1_000_000


class Course(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be asked of a map: its stages, and what counts as activity beside the events of their rules."""

    stages: tuple[Stage, ...]
    activity: tuple[Selector, ...] = ()

    def acts(self) -> list[Selector]:
        """What counts as activity: the events of the rules and those named beside them."""
        clauses = [clause for stage in self.stages for clause in stage.rule.clauses]
        return [*(clause.selector for clause in clauses if clause.event is not None), *self.activity]

    def selectors(self) -> list[Selector]:
        """Every event that a journey is told from; a trait is told by the event that says it."""
        traits = any(clause.trait is not None for stage in self.stages for clause in stage.rule.clauses)
        return [*self.acts(), *([Selector(event=IDENTIFIED)] if traits else [])]

    def place(self, stage: str, field: str) -> int:
        """The number of a stage by its id."""
        for number, one in enumerate(self.stages):
            if one.id == stage:
                return number
        raise Invalid(f"The journey has no stage {stage!r}.", field=field)


class JourneyMap(msgspec.Struct, frozen=True, kw_only=True):
    """A journey map as it is kept."""

    id: str
    name_ko: str
    name_en: str
    stages: tuple[Stage, ...]
    activity: tuple[Selector, ...] = ()
    about_ko: str = ""
    about_en: str = ""
    version: int = 1
    created_by: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def course(self) -> Course:
        return Course(stages=self.stages, activity=self.activity)


class NewJourneyMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person writes. `version`, when changing: the one that was read, so that no colleague's change is lost."""

    name_ko: str
    name_en: str
    stages: tuple[Stage, ...]
    activity: tuple[Selector, ...] = ()
    about_ko: str = ""
    about_en: str = ""
    id: str | None = None
    version: int | None = None


Read = TypeVar("Read", Course, NewJourneyMap)


def read(raw: object, kind: type[Read], field: str = "") -> Read:
    """A map or its course out of decoded JSON, checked, every stage with an id. Invalid names the field."""
    try:
        value = msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        place = place.strip("`").lstrip(".")
        unknown = re.search(r"(?:unknown|required) field `(\w+)`", message)
        named = ".".join(filter(None, (field, place, unknown[1] if unknown else "")))
        raise Invalid(message, field=named or None) from error
    begin = f"{field}." if field else ""
    if isinstance(value, NewJourneyMap):
        _check_names(value, "")
        if value.id is not None and not _ID.fullmatch(value.id):
            raise Invalid("An id is of small letters, digits and hyphens.", field="id")
    if not 1 <= len(value.stages) <= MOST_STAGES:
        raise Invalid(f"A journey has 1 to {MOST_STAGES} stages, not {len(value.stages)}.", field=f"{begin}stages")
    if len(value.activity) > MOST_ACTIVITY:
        raise Invalid(f"At most {MOST_ACTIVITY} events count as activity.", field=f"{begin}activity")
    for number, selector in enumerate(value.activity):
        _check_selector(selector, f"{begin}activity[{number}]")
    stages = tuple(_with_id(stage, f"{begin}stages[{number}]") for number, stage in enumerate(value.stages))
    for number, stage in enumerate(stages):
        _check_stage(stage, f"{begin}stages[{number}]")
        if stage.id in {one.id for one in stages[:number]}:
            raise Invalid(f"There are two stages {stage.id!r}.", field=f"{begin}stages[{number}].id")
    return msgspec.structs.replace(value, stages=stages)


def in_words(stage: Stage, number: int) -> str:
    """A stage's rule as a sentence for whoever reads its number."""
    rules = " or ".join(_clause_in_words(clause) for clause in stage.rule.clauses)
    held = "once met it stays met" if stage.holds == "once" else "held only while that is true"
    quiet = f"; dropped after {stage.patience} without activity" if stage.patience else "; nobody is dropped here"
    return f"{number + 1}. {stage.name_en} ({stage.name_ko}): {rules}; {held}{quiet}."


def _clause_in_words(rule: Rule) -> str:
    if rule.trait is not None:
        return _filter_in_words(rule.trait)
    times = "" if rule.at_least == 1 else f"at least {rule.at_least} times "
    which = "".join(f" with {_filter_in_words(one)}" for one in rule.where)
    name = "any event" if rule.event == "*" else f"{rule.event!r}"
    return f"{times}{name}{which}" + (f" within {rule.within}" if rule.within else "")


def _filter_in_words(one: Filter) -> str:
    return f"{one.prop} {one.op.replace('_', ' ')}" + ("" if one.op in ("set", "not_set") else f" {one.value!r}")


def _with_id(stage: Stage, field: str) -> Stage:
    if stage.id:
        return stage
    try:
        return msgspec.structs.replace(stage, id=id_of(None, stage.name_en))
    except Invalid as error:
        raise Invalid(error.message, field=f"{field}.name_en") from error


def _check_names(value: Stage | NewJourneyMap, begin: str) -> None:
    for name in ("name_ko", "name_en"):
        if not 1 <= len(getattr(value, name).strip()) <= _LONGEST_NAME:
            raise Invalid(f"A Korean and an English name of 1 to {_LONGEST_NAME} characters.", field=begin + name)
    for name in ("about_ko", "about_en"):
        if len(getattr(value, name)) > _LONGEST_TEXT:
            raise Invalid(f"A description has at most {_LONGEST_TEXT} characters.", field=begin + name)


def _check_stage(stage: Stage, field: str) -> None:
    _check_names(stage, f"{field}.")
    if not _ID.fullmatch(stage.id):
        raise Invalid("An id is of small letters, digits and hyphens.", field=f"{field}.id")
    if stage.function and stage.function not in FUNCTIONS:
        raise Invalid(f"A stage's team is one of {', '.join(FUNCTIONS)}.", field=f"{field}.function")
    if stage.patience is not None:
        seconds_of(stage.patience, f"{field}.patience")
    if stage.metric is not None and not stage.metric:
        raise Invalid("A metric of the catalogue, or none.", field=f"{field}.metric")
    _check_rule(stage.rule, f"{field}.rule")


def _check_rule(rule: Rule, field: str, *, inner: bool = False) -> None:
    ways = [rule.event is not None, rule.trait is not None, bool(rule.any)]
    if sum(ways) != 1:
        raise Invalid("A rule is an event, a trait, or any of several rules.", field=field)
    if rule.event is None and (rule.where or rule.at_least != 1 or rule.within is not None):
        raise Invalid("`where`, `at_least` and `within` belong to an event.", field=field)
    if rule.any:
        if inner:
            raise Invalid("Rules are not nested deeper.", field=f"{field}.any")
        if len(rule.any) > MOST_CLAUSES:
            raise Invalid(f"At most {MOST_CLAUSES} rules, of which one is enough.", field=f"{field}.any")
        for number, one in enumerate(rule.any):
            _check_rule(one, f"{field}.any[{number}]", inner=True)
    if rule.trait is not None:
        if not rule.trait.prop.startswith("person."):
            raise Invalid("A trait is the person's: person.plan.", field=f"{field}.trait.prop")
        if rule.trait.prop.startswith(("person.person.", "person.account.")):
            raise Invalid("A trait is named once: person.plan.", field=f"{field}.trait.prop")
        if rule.trait.op in _NEGATED:
            raise Invalid("Say what the trait is, not what it is not.", field=f"{field}.trait.op")
        _check_filter(rule.trait, f"{field}.trait")
    if rule.event is not None:
        _check_selector(rule.selector, field)
        if not 1 <= rule.at_least <= 1000:
            raise Invalid(f"`at_least` is from 1 to 1000, not {rule.at_least}.", field=f"{field}.at_least")
        if rule.within is not None:
            seconds_of(rule.within, f"{field}.within")


def _check_selector(selector: Selector, field: str) -> None:
    if not 1 <= len(selector.event.strip()) <= 200:
        raise Invalid("The name of an event, or * for any.", field=f"{field}.event")
    for number, one in enumerate(selector.where):
        _check_filter(one, f"{field}.where[{number}]")


def _check_filter(one: Filter, field: str) -> None:
    owner, dot, name = one.prop.partition(".")
    path(name if dot and owner in ("person", "account") else one.prop, f"{field}.prop")
    if one.op in ("set", "not_set"):
        return
    values: Sequence[Any] = one.value if one.op in ("in", "not_in") else (one.value,)
    if not values or not all(_plain(value) for value in values):
        raise Invalid("A filter compares with a text, a number or true/false.", field=f"{field}.value")


def _plain(value: object) -> bool:
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
