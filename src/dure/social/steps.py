"""What social offers to automation: the events it writes and the steps it takes."""

from __future__ import annotations

import uuid

import msgspec

from dure.automation.plugs import EventKind, StepCall, StepKind
from dure.kernel.errors import Invalid
from dure.social import events
from dure.social.advocacy.events import EVENTS as ADVOCACY_EVENTS
from dure.social.api import Social
from dure.social.becoming.api import BECAME
from dure.social.ideas.events import EVENTS as IDEA_EVENTS
from dure.social.linking.api import LINKED
from dure.social.links.events import EVENTS as LINK_EVENTS
from dure.social.listening.events import EVENTS as LISTENING_EVENTS
from dure.social.publishing.events import EVENTS as PUBLISHING_EVENTS
from dure.social.reading.events import EVENTS as READING_EVENTS
from dure.social.routing import events as routing_events
from dure.social.routing.steps import EVENTS as ROUTING_EVENTS
from dure.state import Tx

_MENTION = {
    "mention": "id", "network": "text", "author": "text", "handle": "text", "text": "text, at most 500 characters",
    "text_plain": "the text with what a message would read as markup made plain",
    "url": "text", "reach": "number", "language": "ko, en, …", "intent": "question, complaint, praise, …",
    "topic": "payment, buffering, …", "topic_ko": "text", "topic_en": "text",
    "sentiment": "-1, 0 or 1", "confidence": "0 to 1",
    "kind": "post, comment, review, message or article", "title": "text", "rating": "1 to 5 for a review",
    "direct": "true where it was written to the company alone",
    "own": "true where the company wrote it itself", "feeling": "0 to 1, how sure the sentiment is",
    "spam": "0 to 1", "entities": "list of names", "themes": "list of themes",
    "person_id": "whose it is, or nothing", "account_id": "their account, or nothing",
    "copy": "true for a near copy of another", "state": "new, routed or done", "function": "who looks after it",
    "channel": "where it is brought", "path": "where the screen shows it",
    "loaded": "true for mentions of a past that was brought in",
}  # fmt: skip

EVENTS: list[EventKind] = [
    *ROUTING_EVENTS,
    *IDEA_EVENTS,
    *LISTENING_EVENTS,
    *READING_EVENTS,
    *PUBLISHING_EVENTS,
    *LINK_EVENTS,
    *ADVOCACY_EVENTS,
    EventKind(events.MENTION_ARRIVED, {"ko": "언급이 들어옴", "en": "Mention arrived"}, "social", _MENTION),
    EventKind(
        events.OWN_POST_ARRIVED, {"ko": "우리가 쓴 글이 들어옴", "en": "Own post arrived"}, "social", _MENTION
    ),
    EventKind(
        events.MENTION_ROUTED, {"ko": "언급이 배정됨", "en": "Mention routed"}, "social",
        {**_MENTION, "by": "rule, model, person or automation", "sure": "0 to 1",
         "version": "of rules and model, such as r2m5", "audit": "true where people are asked although it was sure",
         "reasons": "list of codes", "also": "functions that are told", "user": "the person, or nothing",
         "from": "the function that had it", "from_channel": "its channel"},
    ),
    EventKind(
        routing_events.ACCEPTED, {"ko": "팀이 언급을 맡음", "en": "Mention accepted"}, "social",
        {**_MENTION, "user": "user id"},
    ),
    EventKind(
        routing_events.REFUSED, {"ko": "팀이 언급을 돌려보냄", "en": "Mention refused"}, "social",
        {**_MENTION, "user": "user id", "from": "the function that it is not for", "from_channel": "its channel"},
    ),
    EventKind(
        LINKED, {"ko": "언급이 누구의 것인지 알게 됨", "en": "Mention linked"}, "social",
        {**_MENTION, "how": "handle, email or hand; empty where it was taken back", "why": "what named them"},
    ),
    EventKind(
        BECAME, {"ko": "언급이 다른 일이 됨", "en": "Mention became something"}, "social",
        {**_MENTION, "what": "task, activity, segment or idea", "ref": "its id", "became_title": "text",
         "became_path": "where a screen shows it"},
    ),
    EventKind(
        events.MENTION_CORRECTED, {"ko": "언급 분류를 바로잡음", "en": "Mention corrected"}, "social",
        {**_MENTION, "before": "the reading it replaces"},
    ),
    EventKind(events.MENTION_DONE, {"ko": "언급 처리 완료", "en": "Mention done"}, "social", _MENTION),
    EventKind(events.MENTION_REOPENED, {"ko": "언급을 다시 엶", "en": "Mention reopened"}, "social", _MENTION),
    EventKind(
        events.MENTIONS_SPIKED, {"ko": "언급 급증", "en": "Mentions spiked"}, "social",
        {"topic": "text", "topic_ko": "text", "topic_en": "text", "seen": "people in the last hour",
         "expected": "people usual for this hour", "expected_ko": "the same in words",
         "expected_en": "the same in words", "since": "time", "examples": "list of text, author, network, url",
         "examples_text": "the examples as lines for a message", "query": "a saved query's id, empty for a topic",
         "feeling": "negative where it is bad words that are more", "why": "terms, people, who and where from",
         "why_ko": "the same as a line", "why_en": "the same as a line", "functions": "list", "path": "text"},
    ),
    EventKind(
        events.MENTIONS_CALMED, {"ko": "언급 급증이 가라앉음", "en": "Mentions calmed"}, "social",
        {"topic": "text", "peak": "most people in an hour", "seconds": "how long it was on"},
    ),
]  # fmt: skip


class RouteInputs(msgspec.Struct, frozen=True):
    """`mention` is its id; `channel` is a name, by default the function's."""

    mention: str
    function: str
    channel: str = ""


class RouteOutputs(msgspec.Struct, frozen=True):
    function: str
    channel: str


def steps(api: Social) -> list[StepKind]:
    """`social.route` hands a mention to a function."""

    async def route(tx: Tx, call: StepCall, inputs: RouteInputs) -> RouteOutputs:
        try:
            mention = uuid.UUID(inputs.mention)
        except ValueError as error:
            raise Invalid("`mention` is a mention's id.", field="mention") from error
        routed = await api.route_in(tx, call.principal, mention, inputs.function, inputs.channel)
        return RouteOutputs(routed.function, routed.channel)

    return [
        StepKind("social.route", {"ko": "언급 배정", "en": "Route a mention"}, RouteInputs, RouteOutputs, route),
    ]
