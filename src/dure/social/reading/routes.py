"""Reading over HTTP: the model card, corrections and audits, versions, and the names that are listened for."""

from __future__ import annotations

import uuid
from dataclasses import asdict, field
from typing import Any, Literal

from dure.governance.http import Caller
from dure.social.api import Social
from dure.social.reading.entities import Name, NameKind
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class ListenedName:
    kind: NameKind
    name: str
    aliases: list[str] = field(default_factory=list)


@body
class Judgement:
    """What a reading should have been; a field left out was right."""

    intent: str | None = None
    topic: str | None = None
    sentiment: Literal[-1, 0, 1] | None = None
    language: str | None = None
    spam: bool | None = None


@body
class Version:
    version: int


def router(api: Social) -> APIRouter:
    """/api/v1/reader and /api/v1/listened-names."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])
    readers = api.readers

    @routes.get("/reader")
    async def card(caller: Caller) -> dict[str, Any]:
        """How well mentions are read, by whom, and what corrections changed."""
        return await readers.card(caller)

    @routes.get("/reader/corrections")
    async def corrections(caller: Caller, limit: int = 50) -> dict[str, Any]:
        """What people set right, newest first."""
        return {"corrections": await readers.corrections(caller, limit)}

    @routes.get("/reader/audit")
    async def to_judge(caller: Caller, limit: int = 10) -> dict[str, Any]:
        """Mentions picked by chance that nobody judged yet."""
        ids = await readers.to_judge(caller, limit)
        return {"mentions": [asdict(await api.one(caller, one)) for one in ids]}

    @routes.post("/reader/audit/{mention_id}")
    async def judge(caller: Caller, mention_id: uuid.UUID, body: Judgement) -> dict[str, Any]:
        """Says how a mention that chance picked should have been read; an empty body says that it was right."""
        return asdict(await api.judge(caller, mention_id, {k: v for k, v in asdict(body).items() if v is not None}))

    @routes.post("/reader/versions", status_code=202)
    async def ask(caller: Caller) -> dict[str, Any]:
        """Asks for the reader to learn from the corrections now."""
        return {"version": await readers.ask(caller)}

    @routes.put("/reader/version")
    async def use(caller: Caller, body: Version) -> dict[str, Any]:
        """Lets another version read from now on; 0 is the reader as it came."""
        await readers.use(caller, body.version)
        return {"version": body.version}

    @routes.get("/listened-names")
    async def names(caller: Caller) -> dict[str, Any]:
        """The brands, products, people and competitors that mentions are looked through for."""
        return {"names": [_name(one, name) for one, name in await readers.names(caller)]}

    @routes.post("/listened-names", status_code=201)
    async def add(caller: Caller, body: ListenedName) -> dict[str, Any]:
        """Adds a name to look for."""
        return _name(await readers.save_name(caller, _given(body)), _given(body))

    @routes.put("/listened-names/{name_id}")
    async def save(caller: Caller, name_id: uuid.UUID, body: ListenedName) -> dict[str, Any]:
        """Changes a name and its other spellings."""
        return _name(await readers.save_name(caller, _given(body), name_id), _given(body))

    @routes.delete("/listened-names/{name_id}", status_code=204)
    async def remove(caller: Caller, name_id: uuid.UUID) -> None:
        """Stops looking for a name."""
        await readers.remove_name(caller, name_id)

    return routes


def _given(body: ListenedName) -> Name:
    return Name(kind=body.kind, name=body.name, aliases=tuple(body.aliases))


def _name(name_id: uuid.UUID, name: Name) -> dict[str, Any]:
    return {"id": str(name_id), "kind": name.kind, "name": name.name, "aliases": list(name.aliases)}
