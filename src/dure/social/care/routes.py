"""The care inbox over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import asdict, field
from datetime import datetime
from typing import Any, Literal

from dure.governance.http import Caller
from dure.social.care.api import Care
from dure.social.care.model import PRIORITIES, STATES, Conversation, Entry, Listing, SavedReply
from dure.social.care.saved import VARIABLES
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Open:
    mention: uuid.UUID


@body
class Assign:
    """`expect` is who has it as far as the caller knows; left out, it is given whoever has it."""

    assignee: str
    expect: str | None = None


@body
class Transfer:
    team: str
    note: str = ""


@body
class Priority:
    priority: str


@body
class Stand:
    """`until` belongs to snoozed."""

    state: str
    until: datetime | None = None
    version: int | None = None


@body
class Note:
    text: str


@body
class Reply:
    """`seen` is the `said_seq` on the writer's screen; the same `key` never answers twice."""

    text: str
    key: str
    seen: int
    then: str = ""
    saved: uuid.UUID | None = None
    draft: uuid.UUID | None = None


@body
class Draft:
    text: str


@body
class Settled:
    """Whether the reply stands where the customer can read it."""

    said: bool


@body
class Doing:
    what: str


@body
class Bulk:
    """`value` is the assignee, team or priority."""

    ids: list[uuid.UUID]
    act: str
    value: str = ""
    until: datetime | None = None


@body
class NewSaved:
    shortcut: str
    title: str
    text: str
    language: str = ""
    team: str = ""


@body
class SavedChange:
    version: int
    shortcut: str
    title: str
    text: str
    language: str = ""
    team: str = ""


@body
class Settings:
    own: list[str] = field(default_factory=list)
    after_reply: str = "waiting"


def router(api: Care) -> APIRouter:
    """/api/v1/conversations and /api/v1/saved-replies."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])
    _conversations(routes, api)
    _replies(routes, api)
    _saved(routes, api)
    return routes


def _conversations(routes: APIRouter, api: Care) -> None:
    @routes.get("/conversations")
    async def listed(
        caller: Caller, state: str = "unresolved", assignee: str = "", team: str = "", network: str = "",
        intent: str = "", sentiment: int | None = None, priority: str = "", overdue: bool = False,
        named: bool = False, person: uuid.UUID | None = None, account: str = "", text: str = "",
        order: Literal["newest", "waiting", "due"] = "newest", at: int = 0, limit: int = 50, soon: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """Conversations with the last words of each. `assignee` is a user id, `me` or `none`; `named` are those with a
        note that calls me; `at` is where the page before ended."""
        look = Listing(
            state, caller.user if assignee == "me" else assignee, team, network, intent, sentiment, priority, overdue,
            caller.user if named else "", person, account, text, order, at, limit, soon,
        )  # fmt: skip
        found = await api.listed(caller, look)
        return {"conversations": [{**_talk(one), "last": last} for one, last in found]}

    @routes.post("/conversations", status_code=201)
    async def open_one(caller: Caller, body: Open) -> dict[str, Any]:
        """Opens a conversation of a mention by hand; where there is one, that."""
        return _talk(await api.open(caller, body.mention))

    @routes.get("/conversations/counts")
    async def counts(caller: Caller) -> dict[str, Any]:
        """How many are mine, nobody's, overdue, due soon, call me, and are in each state, team and network."""
        return {**await api.counts(caller), "states": list(STATES), "priorities": list(PRIORITIES)}

    @routes.get("/conversations/settings")
    async def settings(caller: Caller) -> dict[str, Any]:
        """The company's own names, and the state after an answer."""
        return await api.settings(caller)

    @routes.put("/conversations/settings")
    async def set_settings(caller: Caller, body: Settings) -> dict[str, Any]:
        """Puts these in the place of the settings there are."""
        return await api.set_settings(caller, body.own, body.after_reply)

    @routes.post("/conversations/bulk")
    async def bulk(caller: Caller, body: Bulk) -> dict[str, Any]:
        """assign, team, priority, wait, snooze, resolve or reopen, for many; each by itself."""
        return {"results": await api.bulk(caller, body.ids, body.act, value=body.value, until=body.until)}

    @routes.get("/conversations/{id}")
    async def one(caller: Caller, id: uuid.UUID, before: int = 0, limit: int = 100) -> dict[str, Any]:
        """A conversation with what stands in it, the newest before an entry's number; `answers` says whether the
        customer can be answered where they wrote."""
        talk, entries = await api.one(caller, id, before=before, limit=limit)
        answers = await api.answering.answers(caller, talk)
        return {"conversation": _talk(talk), "entries": [_entry(one) for one in entries], "answers": answers}

    @routes.get("/conversations/{id}/customer")
    async def customer(caller: Caller, id: uuid.UUID) -> dict[str, Any]:
        """Other conversations and mentions of the customer, and what they are about."""
        found = await api.customer(caller, id)
        return {**found, "conversations": [_talk(one) for one in found["conversations"]]}

    @routes.put("/conversations/{id}/assignee")
    async def assign(caller: Caller, id: uuid.UUID, body: Assign) -> dict[str, Any]:
        """Gives it to somebody or to nobody; of two who take it at once the second hears who was first."""
        return _talk(await api.assign(caller, id, body.assignee, expect=body.expect))

    @routes.put("/conversations/{id}/team")
    async def transfer(caller: Caller, id: uuid.UUID, body: Transfer) -> dict[str, Any]:
        """Hands it to another function, with a note; the router learns of it."""
        return _talk(await api.transfer(caller, id, body.team, body.note))

    @routes.put("/conversations/{id}/priority")
    async def priority(caller: Caller, id: uuid.UUID, body: Priority) -> dict[str, Any]:
        """low, normal, high or urgent."""
        return _talk(await api.set_priority(caller, id, body.priority))

    @routes.put("/conversations/{id}/state")
    async def stand(caller: Caller, id: uuid.UUID, body: Stand) -> dict[str, Any]:
        """open, waiting, snoozed (until a time) or resolved."""
        return _talk(await api.set_state(caller, id, body.state, until=body.until, version=body.version))

    @routes.post("/conversations/{id}/notes", status_code=201)
    async def note(caller: Caller, id: uuid.UUID, body: Note) -> dict[str, Any]:
        """A note for colleagues; `<@U…>` calls somebody."""
        return _entry(await api.note(caller, id, body.text))

    @routes.post("/conversations/{id}/doing")
    async def doing(caller: Caller, id: uuid.UUID, body: Doing) -> dict[str, Any]:
        """Tells open screens that somebody is here, is typing, left, or asks who is here; kept nowhere."""
        await api.doing(caller, id, body.what)
        return {}

    @routes.get("/mentions/{mention_id}/conversation")
    async def of_mention(caller: Caller, mention_id: uuid.UUID) -> dict[str, Any]:
        """The conversation that a mention stands in, or null."""
        found = await api.of_mention(caller, mention_id)
        return {"conversation": _talk(found) if found else None}


def _replies(routes: APIRouter, api: Care) -> None:
    @routes.post("/conversations/{id}/replies", status_code=201)
    async def reply(caller: Caller, id: uuid.UUID, body: Reply) -> dict[str, Any]:
        """Answers the customer where they wrote, and says what became of it."""
        return _both(
            await api.answering.reply(
                caller, id, body.text, body.key, seen=body.seen, then=body.then, saved=body.saved, draft=body.draft
            )
        )

    @routes.post("/conversations/{id}/replies/{entry}/again")
    async def again(caller: Caller, id: uuid.UUID, entry: uuid.UUID) -> dict[str, Any]:
        """Says once more what was refused."""
        return _both(await api.answering.again(caller, id, entry))

    @routes.post("/conversations/{id}/replies/{entry}/settle")
    async def settle(caller: Caller, id: uuid.UUID, entry: uuid.UUID, body: Settled) -> dict[str, Any]:
        """A person looked whether a reply of which nobody knew stands there."""
        return _both(await api.answering.settle(caller, id, entry, body.said))

    @routes.post("/conversations/{id}/drafts", status_code=201)
    async def draft(caller: Caller, id: uuid.UUID, body: Draft) -> dict[str, Any]:
        """A reply that a colleague may send."""
        return _entry(await api.answering.draft(caller, id, body.text))

    @routes.delete("/conversations/{id}/drafts/{entry}")
    async def discard(caller: Caller, id: uuid.UUID, entry: uuid.UUID) -> dict[str, Any]:
        """Throws a draft away."""
        return _talk(await api.answering.discard(caller, id, entry))


def _saved(routes: APIRouter, api: Care) -> None:
    @routes.get("/saved-replies")
    async def saved(caller: Caller, team: str = "", text: str = "") -> dict[str, Any]:
        """Everybody's and a team's, the most used first, with the variables that there are."""
        found = await api.saved.all(caller, team, text)
        return {"saved_replies": [_saved_reply(one) for one in found], "variables": VARIABLES}

    @routes.post("/saved-replies", status_code=201)
    async def create(caller: Caller, body: NewSaved) -> dict[str, Any]:
        """A new one; its text may name variables in double braces."""
        made = await api.saved.create(
            caller, body.shortcut, body.title, body.text, language=body.language, team=body.team
        )  # fmt: skip
        return _saved_reply(made)

    @routes.put("/saved-replies/{id}")
    async def change(caller: Caller, id: uuid.UUID, body: SavedChange) -> dict[str, Any]:
        """Puts these in the place of what there is."""
        kept = await api.saved.change(
            caller, id, version=body.version, shortcut=body.shortcut, title=body.title, text=body.text,
            language=body.language, team=body.team,
        )  # fmt: skip
        return _saved_reply(kept)

    @routes.delete("/saved-replies/{id}")
    async def delete(caller: Caller, id: uuid.UUID) -> dict[str, Any]:
        """Takes it away."""
        await api.saved.delete(caller, id)
        return {}

    @routes.get("/saved-replies/{id}/filled")
    async def filled(caller: Caller, id: uuid.UUID, conversation: uuid.UUID) -> dict[str, Any]:
        """Its text for a conversation; a variable of which nothing is known is refused by its name."""
        return {"text": await api.saved.filled(caller, id, conversation)}


def _talk(one: Conversation) -> dict[str, Any]:
    return {**asdict(one), "awaits": one.awaits}


def _entry(one: Entry) -> dict[str, Any]:
    # A reply's key is the caller's own, and its saying's is nobody's business outside.
    return {name: value for name, value in asdict(one).items() if name not in ("key", "data")} | {
        "data": {name: value for name, value in one.data.items() if name != "saying"}
    }


def _saved_reply(one: SavedReply) -> dict[str, Any]:
    return asdict(one)


def _both(found: tuple[Conversation, Entry]) -> dict[str, Any]:
    return {"conversation": _talk(found[0]), "entry": _entry(found[1])}
