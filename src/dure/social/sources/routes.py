"""Sources over HTTP. Secrets go in and never come out. `/api/v1/hear/ID` is where networks call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, field
from typing import Any
from uuid import UUID

from fastapi import Request

from dure.governance.http import Caller
from dure.social.api import Arrival
from dure.social.plugs import Call, Field, Hears, Manifest, Outcome, Post, Refused, Said
from dure.social.sources.api import Health, Preview, Sources
from dure.social.sources.model import TROUBLES, Way
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewSource:
    """A source: which connector, the name it goes by, what it has to be told. `days` is how far back it begins."""

    connector: str
    name: str
    settings: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    every: int = 0
    days: int = 1


@body
class SourceChange:
    """What is given is changed; a secret that is not given stays."""

    name: str | None = None
    settings: dict[str, str] | None = None
    secrets: dict[str, str] | None = None
    every: int | None = None
    paused: bool | None = None


@body
class Tried:
    """Settings to try. With `source`, secrets that are not given are those it has."""

    connector: str
    settings: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    source: UUID | None = None


@body
class Past:
    days: int


@body
class Answer:
    """An answer to a mention. The same key is never said twice."""

    text: str
    key: str


@body
class NewPost:
    """A post of the company's own. The same key is never said twice."""

    text: str
    key: str
    title: str = ""
    url: str = ""
    language: str = ""
    to: str = ""


def router(api: Sources, site: str = "") -> APIRouter:
    """/api/v1/social-sources, and what is said through them."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])

    @routes.get("/social-sources")
    async def sources(caller: Caller) -> dict[str, Any]:
        """The connected sources with how each goes, and the kinds that can be connected."""
        found = await api.sources(caller)
        kinds = [_manifest(one.manifest) for one in api.connectors.values()]
        return {"sources": [_health(api, one, site) for one in found], "connectors": kinds, "troubles": TROUBLES}

    @routes.post("/social-sources", status_code=201)
    async def connect(caller: Caller, body: NewSource) -> dict[str, Any]:
        """Connects a source; it is asked at once."""
        made = await api.connect(
            caller, body.connector, body.name, body.settings, body.secrets, every=body.every, days=body.days
        )
        return _health(api, made, site)

    @routes.post("/social-sources/try")
    async def preview(caller: Caller, body: Tried) -> dict[str, Any]:
        """What a source with these settings would bring now; nothing is kept."""
        return _preview(await api.preview(caller, body.connector, body.settings, body.secrets, body.source))

    @routes.get("/social-sources/{source}")
    async def one(caller: Caller, source: UUID) -> dict[str, Any]:
        """A source with how it goes."""
        return _health(api, await api.one(caller, source), site)

    @routes.patch("/social-sources/{source}")
    async def change(caller: Caller, source: UUID, body: SourceChange) -> dict[str, Any]:
        """Changes, pauses or resumes a source."""
        changed = await api.change(
            caller, source, name=body.name, settings=body.settings, secrets=body.secrets, every=body.every,
            paused=body.paused,
        )  # fmt: skip
        return _health(api, changed, site)

    @routes.delete("/social-sources/{source}", status_code=204)
    async def disconnect(caller: Caller, source: UUID) -> None:
        """Lets go of a source; its mentions stay."""
        await api.disconnect(caller, source)

    @routes.post("/social-sources/{source}/ask")
    async def ask(caller: Caller, source: UUID) -> dict[str, Any]:
        """Has a source asked at once."""
        return _health(api, await api.ask_now(caller, source), site)

    @routes.post("/social-sources/{source}/history")
    async def history(caller: Caller, source: UUID, body: Past) -> dict[str, Any]:
        """Begins to bring what was said in the last days."""
        return _health(api, await api.bring_history(caller, source, body.days), site)

    @routes.delete("/social-sources/{source}/history")
    async def stop(caller: Caller, source: UUID) -> dict[str, Any]:
        """Ends bringing a past; what was brought stays."""
        return _health(api, await api.stop_history(caller, source), site)

    @routes.get("/social-sources/{source}/payloads")
    async def payloads(caller: Caller, source: UUID, mention: str = "", limit: int = 20) -> dict[str, Any]:
        """What came of late, as it came."""
        return {"payloads": [asdict(one) for one in await api.payloads(caller, source, mention, limit)]}

    @routes.post("/social-sources/{source}/upload")
    async def upload(caller: Caller, source: UUID, request: Request, name: str = "") -> dict[str, Any]:
        """Takes in a file of mentions; the body is the file."""
        return _arrival(await api.hearing.upload(caller, source, name, await request.body()))

    @routes.post("/social-sources/{source}/posts")
    async def publish(caller: Caller, source: UUID, body: NewPost) -> dict[str, Any]:
        """Puts up a post of the company's own, at most once for a key."""
        post = Post(body.text, body.title, body.url, body.language, body.to)
        return _outcome(await api.saying.publish(caller, source, post, body.key))

    @routes.post("/mentions/{mention}/answers")
    async def reply(caller: Caller, mention: UUID, body: Answer) -> dict[str, Any]:
        """Answers a mention by the source that it came by, at most once for a key."""
        return _outcome(await api.saying.reply(caller, mention, body.text, body.key))

    return routes


def outside(api: Sources) -> APIRouter:
    """/api/v1/hear: anybody may knock; a signature says who it is."""
    routes = APIRouter(tags=["social"])

    @routes.post("/api/v1/hear/{source}", status_code=202)
    async def hear(source: UUID, request: Request) -> dict[str, Any]:
        """A network's call."""
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call("POST", headers.get("host", ""), path, headers, await request.body())
        return _arrival(await api.hearing.hear(source, call))

    return routes


def _manifest(one: Manifest) -> dict[str, Any]:
    return {
        "name": one.name, "network": one.network, "title": one.title, "about": one.about, "basis": one.basis,
        "terms": one.terms, "can": sorted(one.can), "every": one.every, "history": one.history,
        "settings": _fields(one.settings), "secrets": _fields(one.secrets),
    }  # fmt: skip


def _fields(fields: Sequence[Field]) -> list[dict[str, Any]]:
    return [asdict(one) for one in fields]


def _health(api: Sources, found: Health, site: str) -> dict[str, Any]:
    source, connector = found.source, api.connectors.get(found.source.connector)
    shown = asdict(source)
    del shown["sealed"]
    hears = isinstance(connector, Hears)
    return {
        **shown, "has_secrets": source.sealed is not None, "ways": [_way(one) for one in found.ways],
        "address": f"{site}/api/v1/hear/{source.id}" if hears else "",
    }  # fmt: skip


def _way(way: Way) -> dict[str, Any]:
    shown = asdict(way)
    del shown["cursor"]
    trouble = way.trouble and {**way.trouble, "said": TROUBLES.get(str(way.trouble["code"]))}
    return {**shown, "trouble": trouble}


def _preview(found: Preview) -> dict[str, Any]:
    trouble = found.trouble and {**found.trouble, "said": TROUBLES.get(str(found.trouble["code"]))}
    mentions = [{"mention": _plain(given), "reading": asdict(reading)} for given, reading in found.mentions]
    return {"mentions": mentions, "skipped": found.skipped, "more": found.more, "trouble": trouble}


def _plain(given: Any) -> Mapping[str, Any]:
    return {name: getattr(given, name) for name in given.__struct_fields__}


def _arrival(found: Arrival) -> dict[str, Any]:
    return {"added": found.added, "known": found.known, "edited": found.edited, "deleted": found.deleted}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    state = "said" if isinstance(outcome, Said) else "refused" if isinstance(outcome, Refused) else "unknown"
    return {"outcome": state, **asdict(outcome)}
