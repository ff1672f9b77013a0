"""A demand test as a value: what is asked, of whom, by which message; and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.campaigns.design import Channel, Selector, Text
from dure.experiments.api import Interval

CHANNELS: tuple[Channel, ...] = ("email", "sms", "push", "web_push", "in_app")
MESSAGE = "message"
DOOR = "{{ door }}"
"""In a text: the address of the page with the “interested” button."""

Verdict = Literal["nothing", "unbalanced", "better", "worse", "none", "asked"]


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a test is made of. People are named by `people` (ids, e-mail addresses, or a list's text, a CSV too) or by
    a `rule` (a segment's). `text` is written once or by language; `door` is what stands on the page behind the
    message's link, for an idea that does not exist yet. Without a `goal` only what people did with the message
    counts."""

    question: str | dict[str, str]
    channel: Channel = "email"
    text: str | dict[str, str | Text] = ""
    people: tuple[str, ...] | str = ()
    rule: dict[str, Any] | None = None
    goal: Selector | None = None
    window: str = "3d"
    holdout: float = 0.5
    door: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """A test and the campaign that carries it out. `segment` is the list made of its people, "" where a rule names
    them."""

    id: str
    campaign: str
    question: Mapping[str, str]
    segment: str
    door: Mapping[str, str] | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Picked:
    """People picked by hand: how many are known, and of what was written the lines nobody is known by."""

    size: int
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel in one arm: how many of `of` took it, and the share with its 95 % interval."""

    people: int
    of: int
    rate: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a test. `steps` are those of who got the message, in order; `goal` is of both arms. `pending` have
    their window still before them. `p` is Fisher's exact test of the two arms' goal."""

    steps: Mapping[str, Step]
    treated: Step
    control: Step
    pending: int
    difference: float | None
    interval: Interval | None
    p: float | None
    balance: float | None
    verdict: Verdict
    sentence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody did at a test's door."""

    shown_at: datetime | None
    wanted_at: datetime | None
