"""Ideas over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from fastapi.responses import Response

from dure.governance.http import Caller
from dure.social.ideas.api import Idea, Ideas
from dure.social.ideas.model import SOURCES, STATES
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewIdea:
    """With a `mention` (its id) that mention asks for it."""

    title: str
    about: str = ""
    topic: str = ""
    owner: str = ""
    mention: str = ""


@body
class IdeaChange:
    version: int | None = None
    title: str | None = None
    about: str | None = None
    state: str | None = None
    topic: str | None = None
    owner: str | None = None


@body
class NewAsking:
    """`source` is mention, care, sales or hand; a mention's text, person and account are its own."""

    source: str = "hand"
    ref: str = ""
    said: str = ""
    person: str = ""
    account: str = ""


@body
class Into:
    into: uuid.UUID


def router(api: Ideas) -> APIRouter:
    """/api/v1/ideas."""
    routes = APIRouter(prefix="/api/v1/ideas", tags=["social"])

    @routes.get("")
    async def ideas(caller: Caller, state: str = "", text: str = "", limit: int = 200) -> dict[str, Any]:
        """Ideas, the most asked for first."""
        found = await api.ideas(caller, state=state, text=text, limit=limit)
        return {"ideas": [_idea(one) for one in found], "states": STATES, "sources": SOURCES}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: NewIdea) -> dict[str, Any]:
        """A new idea."""
        made = await api.create(caller, body.title, about=body.about, topic=body.topic, owner=body.owner)
        if body.mention:
            await api.ask(caller, made.id, source="mention", ref=body.mention)
        return _idea((await api.one(caller, made.id)).idea)

    @routes.get("/similar")
    async def similar(caller: Caller, title: str) -> dict[str, Any]:
        """Ideas of nearly the same words."""
        return {"similar": [{**_idea(one), "near": near} for one, near in await api.similar(caller, title)]}

    @routes.get("/csv")
    async def sheet(caller: Caller) -> Response:
        """Every idea as CSV."""
        return Response(
            "\ufeff" + await api.sheet(caller), media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="ideas.csv"'},
        )  # fmt: skip

    @routes.get("/{idea_id}")
    async def one(caller: Caller, idea_id: uuid.UUID) -> dict[str, Any]:
        """An idea with who asked, who votes, what went into it and what is similar."""
        whole = await api.one(caller, idea_id)
        return {
            **asdict(whole), "idea": _idea(whole.idea),
            "similar": [{**_idea(other), "near": near} for other, near in whole.similar],
        }  # fmt: skip

    @routes.patch("/{idea_id}")
    async def change(caller: Caller, idea_id: uuid.UUID, body: IdeaChange) -> dict[str, Any]:
        """Changes an idea's words, state, topic or owner."""
        await api.change(caller, idea_id, **asdict(body))
        return _idea((await api.one(caller, idea_id)).idea)

    @routes.put("/{idea_id}/vote")
    async def vote(caller: Caller, idea_id: uuid.UUID) -> dict[str, Any]:
        """The caller's vote."""
        return _idea(await api.vote(caller, idea_id))

    @routes.delete("/{idea_id}/vote")
    async def unvote(caller: Caller, idea_id: uuid.UUID) -> dict[str, Any]:
        """Takes the caller's vote back."""
        return _idea(await api.vote(caller, idea_id, wanted=False))

    @routes.post("/{idea_id}/askings", status_code=201)
    async def ask(caller: Caller, idea_id: uuid.UUID, body: NewAsking) -> dict[str, Any]:
        """Somebody asked for it."""
        return asdict(await api.ask(caller, idea_id, **asdict(body)))

    @routes.delete("/{idea_id}/askings/{asking_id}", status_code=204)
    async def unask(caller: Caller, idea_id: uuid.UUID, asking_id: uuid.UUID) -> None:
        """Takes an asking away again."""
        await api.unask(caller, idea_id, asking_id)

    @routes.post("/{idea_id}/merge", status_code=201)
    async def merge(caller: Caller, idea_id: uuid.UUID, body: Into) -> dict[str, Any]:
        """Puts an idea into another, with all who asked and voted."""
        return asdict(await api.merge(caller, idea_id, body.into))

    @routes.post("/merges/{merge_id}/undo")
    async def undo(caller: Caller, merge_id: uuid.UUID) -> dict[str, Any]:
        """Takes a merge back."""
        return _idea(await api.undo_merge(caller, merge_id))

    return routes


def _idea(idea: Idea) -> dict[str, Any]:
    return {**asdict(idea), "asked": idea.asked}
