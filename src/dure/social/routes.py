"""Social over HTTP. `POST /api/v1/mentions` is what a webhook or a connector calls: one mention or a list."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import asdict, field
from datetime import datetime
from typing import Any, Literal

import msgspec
from fastapi import Request

from dure.governance.http import Caller
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid, Malformed
from dure.social.api import Look, Mention, NewMention, Rule, Social, Spike
from dure.social.model import INTENTS, STATES, TOPICS
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class MentionChange:
    version: int | None = None
    intent: str | None = None
    topic: str | None = None
    sentiment: Literal[-1, 0, 1] | None = None
    language: str | None = None
    function: str | None = None
    channel: str = ""
    state: str | None = None
    spam: bool | None = None


@body
class Condition:
    prop: str
    op: str = "="
    value: Any = None


@body
class RoutingRule:
    function: str
    where: list[Condition] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    channel: str = ""
    also: list[str] = field(default_factory=list)


@body
class RoutingRules:
    rules: list[RoutingRule]


_MANY = msgspec.json.Decoder(list[NewMention])
_ONE = msgspec.json.Decoder(NewMention)


def router(api: Social) -> APIRouter:
    """/api/v1/mentions, /api/v1/spikes and /api/v1/mention-rules."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])

    @routes.post("/mentions")
    async def arrive(caller: Caller, request: Request) -> dict[str, Any]:
        """Takes in mentions; one that is known already is not added twice."""
        found = await api.arrive(caller, _mentions(await request.body()))
        ids = [str(one) for one in found.ids]
        return {"added": found.added, "known": found.known, "ids": ids, "spikes": [str(one) for one in found.spikes]}

    @routes.get("/mentions")
    async def mentions(
        caller: Caller, network: str = "", intent: str = "", topic: str = "", language: str = "", state: str = "",
        function: str = "", sentiment: int | None = None, text: str = "", since: datetime | None = None,
        until: datetime | None = None, copies_of: uuid.UUID | None = None, limit: int = 50, cursor: str = "",
        spam: Literal["hidden", "only", "all"] = "hidden", theme: uuid.UUID | None = None,
        own: Literal["hidden", "only", "all"] = "hidden",
    ) -> dict[str, Any]:  # fmt: skip
        """Mentions by filters, newest first. `theme` is the id of a saved query or theme; `own` says whether what the
        company wrote itself is among them."""
        look = Look(network, intent, topic, language, state, function, sentiment, text[:200], since, until, copies_of,
                    _position(cursor), limit, spam, theme=theme, own=own)  # fmt: skip
        found = await api.mentions(caller, look)
        more = len(found) >= min(max(limit, 1), 500)
        return {"mentions": [mention_json(one) for one in found], "cursor": _cursor(found[-1]) if more else ""}

    @routes.get("/mentions/vocabulary")
    async def vocabulary(caller: Caller) -> dict[str, Any]:
        """Every value that filters and corrections take, with its names."""
        networks = await api.networks(caller)
        labels = [{"id": str(one.id), "name": one.name, "kind": one.kind} for one in await api.labels(caller)]
        return {
            "intents": INTENTS, "topics": TOPICS, "states": STATES, "functions": FUNCTIONS, "networks": networks,
            "labels": labels,
        }  # fmt: skip

    @routes.get("/mentions/topics")
    async def topics(caller: Caller, days: int = 7) -> dict[str, Any]:
        """Topics with their number of mentions."""
        return {"topics": await api.topics(caller, days)}

    @routes.get("/mentions/volume")
    async def volume(caller: Caller, topic: str = "", days: int = 7, query: str = "") -> dict[str, Any]:
        """Mentions over time beside what was expected, with spikes."""
        found = await api.volume(caller, topic, days, query)
        return {**asdict(found), "spikes": [_spike(spike) for spike in found.spikes]}

    @routes.get("/mentions/{mention_id}")
    async def one(caller: Caller, mention_id: uuid.UUID) -> dict[str, Any]:
        """A mention."""
        return mention_json(await api.one(caller, mention_id))

    @routes.patch("/mentions/{mention_id}")
    async def change(caller: Caller, mention_id: uuid.UUID, body: MentionChange) -> dict[str, Any]:
        """Corrects how a mention was read, or changes its state."""
        reading = {
            name: value
            for name in ("intent", "topic", "sentiment", "language", "spam")
            if (value := getattr(body, name)) is not None
        }
        changed = await api.change(
            caller, mention_id, version=body.version, reading=reading, function=body.function, channel=body.channel,
            state=body.state,
        )  # fmt: skip
        return mention_json(changed)

    @routes.get("/spikes")
    async def spikes(caller: Caller, days: int = 30, limit: int = 100) -> dict[str, Any]:
        """Spikes of mentions, newest first."""
        return {"spikes": [_spike(spike) for spike in await api.spikes(caller, days, limit)]}

    @routes.get("/mention-rules")
    async def rules(caller: Caller) -> dict[str, Any]:
        """The rules that route mentions to teams."""
        return {"rules": msgspec.to_builtins(await api.rules(caller))}

    @routes.put("/mention-rules")
    async def set_rules(caller: Caller, body: RoutingRules) -> dict[str, Any]:
        """Replaces the routing rules."""
        try:
            given = msgspec.convert([asdict(rule) for rule in body.rules], list[Rule])
        except msgspec.ValidationError as error:
            raise Invalid(str(error), field="rules") from error
        return {"rules": msgspec.to_builtins(await api.set_rules(caller, given))}

    return routes


def _mentions(body: bytes) -> list[NewMention]:
    """One mention, a list of them, or `{"mentions": [...]}`."""
    try:
        raw = msgspec.json.decode(body)
        if isinstance(raw, dict) and isinstance(raw.get("mentions"), list):
            return msgspec.convert(raw["mentions"], list[NewMention])
        return _MANY.decode(body) if isinstance(raw, list) else [_ONE.decode(body)]
    except msgspec.ValidationError as error:
        raise Invalid(str(error), field="mentions") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("The body is not JSON.") from error


def mention_json(mention: Mention) -> dict[str, Any]:
    return {**asdict(mention), "confidence": round(mention.confidence, 3)}


def _spike(spike: Spike) -> dict[str, Any]:
    return {**asdict(spike), "topic_title": spike.title}


def _cursor(last: Mention) -> str:
    return base64.urlsafe_b64encode(f"{last.posted_at.isoformat()} {last.id}".encode()).decode()


def _position(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    if not cursor:
        return None
    try:
        at, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(at), uuid.UUID(last)
    except (ValueError, binascii.Error) as error:
        raise Invalid("This cursor is not one of ours.", field="cursor") from error
