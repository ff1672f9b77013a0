"""What in social networks may start an automation: a mention, a spike of mentions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import msgspec

from dure.automation.plugs import TriggerKind
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.social import events
from dure.social.advocacy.triggers import TRIGGERS as ADVOCACY_TRIGGERS
from dure.social.listening import events as listening_events
from dure.social.model import INTENTS, TOPICS
from dure.social.publishing.triggers import TRIGGERS as PUBLISHING_TRIGGERS
from dure.social.reading import events as reading_events


class Arrived(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Intent, topic and network as mentions have them, empty for any; `reach` is the least reach. Near copies of
    another mention are left out unless `copies`. `label` is the id of a saved query or theme that it fits."""

    intent: str = ""
    topic: str = ""
    network: str = ""
    feeling: Literal["any", "bad", "good"] = "any"
    reach: int = 0
    contains: str = ""
    copies: bool = False
    label: str = ""


class Spiked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`topic` or a saved query's id, empty for any; `only_bad` only where it is bad words that are more."""

    topic: str = ""
    query: str = ""
    only_bad: bool = False


class Edited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`intent` and `function` as mentions have them after the edit, empty for any."""

    intent: str = ""
    function: str = ""


class Taught(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`only_used`: only where what was learned reads from now on."""

    only_used: bool = False


class Labelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`query` is a saved query's id, empty for any."""

    query: str = ""


def _edited(given: Edited) -> list[Filter]:
    _known("intent", given.intent, INTENTS)
    _known("function", given.function, FUNCTIONS)
    where = [Filter(name, "=", value) for name in ("intent", "function") if (value := getattr(given, name))]
    return [*where, Filter("own", "!=", True)]


def _taught(given: Taught) -> list[Filter]:
    return [Filter("used", "=", True)] if given.only_used else []


def _labelled(given: Labelled) -> list[Filter]:
    return [Filter("query", "=", given.query)] if given.query else []


def _arrived(given: Arrived) -> list[Filter]:
    _known("intent", given.intent, INTENTS)
    _known("topic", given.topic, TOPICS)
    wanted = {"intent": given.intent, "topic": given.topic, "network": given.network}
    where = [Filter(name, "=", value) for name, value in wanted.items() if value]
    where += {"bad": [Filter("sentiment", "<", 0)], "good": [Filter("sentiment", ">", 0)]}.get(given.feeling, [])
    where += [Filter("reach", ">=", given.reach)] if given.reach else []
    where += [Filter("text", "contains", given.contains)] if given.contains else []
    where += [Filter("themes", "contains", given.label)] if given.label else []
    where += [] if given.copies else [Filter("copy", "!=", True)]
    return [*where, Filter("loaded", "!=", True)]


def _spiked(given: Spiked) -> list[Filter]:
    _known("topic", given.topic, TOPICS)
    where = [Filter(name, "=", value) for name in ("topic", "query") if (value := getattr(given, name))]
    return [*where, *([Filter("feeling", "=", "negative")] if given.only_bad else [])]


def _known(field: str, value: str, known: Collection[str]) -> None:
    if value and value not in known:
        raise Invalid(f"`{field}` is one of {', '.join(sorted(known))}.", field=field)


TRIGGERS = [
    *PUBLISHING_TRIGGERS,
    *ADVOCACY_TRIGGERS,
    TriggerKind(
        "social.mention", {"ko": "언급이 들어오면", "en": "A mention arrives"}, events.MENTION_ARRIVED, Arrived,
        _arrived,
        {"ko": "의도, 주제, 감정, 도달로 고른 언급이 들어오면 시작합니다.",
         "en": "A mention of an intent, a topic, a feeling or a reach arrives."},
    ),
    TriggerKind(
        "social.spike", {"ko": "언급이 급증하면", "en": "Mentions spike"}, events.MENTIONS_SPIKED, Spiked, _spiked,
        {"ko": "한 주제나 지켜보는 질의의 언급이 이 시간의 보통보다 훨씬 많으면 시작합니다.",
         "en": "Far more people than usual for this hour mention a topic or fit a watched query."},
    ),
    TriggerKind(
        "social.edited", {"ko": "언급이 고쳐지면", "en": "A mention is edited"}, events.MENTION_EDITED, Edited, _edited,
        {"ko": "쓴 사람이 글을 고치면 시작합니다. 고친 뒤의 의도와 담당으로 고를 수 있습니다.",
         "en": "Its author changes a mention; chosen by how it reads and with whom it is afterwards."},
    ),
    TriggerKind(
        "social.taught", {"ko": "읽는 모델이 배우면", "en": "The reader was taught"}, reading_events.LAYER_LEARNED,
        Taught, _taught,
        {"ko": "사람이 바로잡은 글에서 배우기를 마치면 시작합니다.",
         "en": "A lesson from people's corrections is over."},
    ),
    TriggerKind(
        "social.labelled", {"ko": "지난 글에 라벨을 다 붙이면", "en": "The past has a query's label"},
        listening_events.QUERY_APPLIED, Labelled, _labelled,
        {"ko": "저장한 질의의 라벨이 지난 글에 모두 붙으면 시작합니다.",
         "en": "All mentions from before have the label of a saved query."},
    ),
]  # fmt: skip
