"""What about people may start an automation: coming into a segment, leaving it, a trait that was stated."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import msgspec

from dure.automation.plugs import TriggerKind
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.segments import events

IDENTIFIED = "Identified"
_TRAIT = re.compile(r"[\w$][\w$-]{0,99}")


class Moved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`segment` is an id, or `about-to-churn`. `first` also means those who were in it when it was computed first;
    `once` starts one run a person, ever."""

    segment: str
    first: bool = False
    once: bool = False


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`trait` is its name; `value` the value meant, any where it is left out. `once` starts one run a person and
    value: programs state the same trait again and again."""

    trait: str
    value: Any = None
    once: bool = True


def _moved(given: Moved) -> list[Filter]:
    if not given.segment.strip():
        raise Invalid("`segment` is a segment's id.", field="segment")
    which = Filter("segment" if _is_id(given.segment) else "built_in", "=", given.segment)
    return [which] if given.first else [which, Filter("first", "!=", True)]


def _stated(given: Stated) -> list[Filter]:
    if not _TRAIT.fullmatch(given.trait):
        raise Invalid("`trait` is the name of one: letters, digits, - and _.", field="trait")
    prop = f"event.properties.{given.trait}"
    return [Filter(prop, "set") if given.value is None else Filter(prop, "=", given.value)]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


TRIGGERS = [
    TriggerKind(
        "segments.entered", {"ko": "세그먼트에 들어오면", "en": "Somebody enters a segment"}, events.ENTERED, Moved,
        _moved,
        {"ko": "사람이 세그먼트에 새로 들어오면 시작합니다.", "en": "Somebody is in a segment who was not before."},
        key=lambda given: "subject" if given.once else "event", subject="person",
    ),
    TriggerKind(
        "segments.left", {"ko": "세그먼트에서 나가면", "en": "Somebody leaves a segment"}, events.LEFT, Moved, _moved,
        {"ko": "사람이 세그먼트에서 나가면 시작합니다.", "en": "Somebody is no longer in a segment."},
        key=lambda given: "subject" if given.once else "event", subject="person",
    ),
    TriggerKind(
        "people.traits", {"ko": "특성이 알려지면", "en": "A trait is stated"}, IDENTIFIED, Stated, _stated,
        {"ko": "누구의 특성(예: plan)이 어떤 값이라고 알려지면 시작합니다.",
         "en": "A program states a trait of somebody, such as plan = pro."},
        key=lambda given: (
            f"{{{{ event.person }}}}:{{{{ event.properties.{given.trait} }}}}" if given.once else "event"
        ),
        subject="person",
    ),
]  # fmt: skip
