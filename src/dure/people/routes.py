"""People and accounts over Dure's own REST."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query

from dure.governance.http import Caller
from dure.people.api import Identity, People, Person, Reason
from dure.people.links import Claim, Decision
from dure.people.model import Refusal
from dure.web.body import body
from dure.web.routing import APIRouter

Several = Annotated[list[str] | None, Query()]


@body
class NewSplit:
    distinct_id: str
    reason: str


@body
class NewJoin:
    distinct_id: str
    reason: str
    two_users: bool = False


def router(people: People) -> APIRouter:
    """`/api/v1/people…` and `/api/v1/customer-accounts…`; a person's `{id}` is a person id or any distinct id."""
    routes = APIRouter(prefix="/api/v1")
    routes.include_router(_people(people))
    routes.include_router(_identity(people))
    routes.include_router(_accounts(people))
    return routes


def _people(people: People) -> APIRouter:
    routes = APIRouter(prefix="/people", tags=["people"])

    @routes.get("")
    async def search(caller: Caller, q: str = "", limit: int = 50, offset: int = 0) -> dict[str, Any]:
        """People by a part of a name, the beginning of an e-mail or id, and by traits (`plan:pro amount>100`)."""
        found = await people.find(caller, q, limit, offset)
        return {
            "people": [
                {**_person(one.person), "matched": [{"by": by, "value": value} for by, value in one.matched]}
                for one in found
            ],
            "more": len(found) == limit,
            "known": await people.count(caller) if not q.strip() else None,
        }

    @routes.get("/{id}")
    async def person(caller: Caller, id: str) -> dict[str, Any]:
        """A person with their traits and ids."""
        return _person(await people.person(caller, id))

    @routes.get("/{id}/timeline")
    async def timeline(
        caller: Caller, id: str, before: datetime | None = None, message: str = "", after: datetime | None = None,
        limit: int = 50, source: Several = None, event: Several = None, kind: Several = None,
    ) -> dict[str, Any]:  # fmt: skip
        """A person's events, newest first."""
        moments = await people.timeline(
            caller, id, before=before, message=message, after=after, limit=limit, sources=source or (),
            events=event or (), kinds=kind or (),
        )  # fmt: skip
        return {"events": [asdict(moment) for moment in moments], "more": len(moments) == limit}

    @routes.get("/{id}/traits")
    async def traits(
        caller: Caller, id: str, trait: str = "", before: datetime | None = None, limit: int = 100
    ) -> dict[str, Any]:
        """A person's traits with every change: before, after, when, and which message of which source."""
        known = await people.person(caller, id)
        changes = await people.trait_history(caller, id, trait=trait, before=before, limit=limit)
        return {"traits": known.traits, "account": known.account, "history": [asdict(one) for one in changes]}

    return routes


def _identity(people: People) -> APIRouter:
    routes = APIRouter(prefix="/people", tags=["people"])

    @routes.get("/{id}/identity")
    async def identity(caller: Caller, id: str) -> dict[str, Any]:
        """For each of a person's ids, which message or whose decision made it theirs, and what was refused."""
        return _explained(await people.identity(caller, id))

    @routes.post("/{id}/splits", status_code=201)
    async def split(caller: Caller, id: str, body: NewSplit) -> dict[str, Any]:
        """Parts an id from a person: it has its events and traits back, until somebody joins it again by hand."""
        return _explained(await people.ids.split(caller, id, body.distinct_id, body.reason))

    @routes.delete("/{id}/splits/{split}")
    async def undo_split(caller: Caller, id: str, split: str) -> dict[str, Any]:
        """Takes a split back: what events say counts again."""
        return _explained(await people.ids.undo(caller, id, split, "split"))

    @routes.post("/{id}/joins", status_code=201)
    async def join(caller: Caller, id: str, body: NewJoin) -> dict[str, Any]:
        """Joins an id to a person by hand; two users only with `two_users` and by an owner or admin."""
        return _explained(await people.ids.join(caller, id, body.distinct_id, body.reason, two_users=body.two_users))

    @routes.delete("/{id}/joins/{join}")
    async def undo_join(caller: Caller, id: str, join: str) -> dict[str, Any]:
        """Takes a join by hand back."""
        return _explained(await people.ids.undo(caller, id, join, "join"))

    return routes


def _accounts(people: People) -> APIRouter:
    routes = APIRouter(prefix="/customer-accounts", tags=["people"])

    @routes.get("")
    async def find(caller: Caller, q: str = "", limit: int = 50, offset: int = 0) -> dict[str, Any]:
        """Accounts by a part of the name, the beginning of the id, and by traits."""
        found = await people.directory.find(caller, q, limit, offset)
        return {"accounts": [asdict(one) for one in found], "more": len(found) == limit}

    @routes.get("/{id}")
    async def account(caller: Caller, id: str) -> dict[str, Any]:
        """An account with its traits and how many people it has."""
        return asdict(await people.directory.account(caller, id))

    @routes.get("/{id}/people")
    async def members(caller: Caller, id: str, limit: int = 50, offset: int = 0) -> dict[str, Any]:
        """Who belongs to an account."""
        found = await people.directory.people(caller, id, limit, offset)
        return {"people": [_person(one) for one in found], "more": len(found) == limit}

    @routes.get("/{id}/traits")
    async def traits(
        caller: Caller, id: str, trait: str = "", before: datetime | None = None, limit: int = 100
    ) -> dict[str, Any]:
        """An account's traits with every change."""
        known = await people.directory.account(caller, id)
        changes = await people.directory.trait_history(caller, id, trait=trait, before=before, limit=limit)
        return {"traits": known.traits, "history": [asdict(one) for one in changes]}

    @routes.get("/{id}/timeline")
    async def timeline(
        caller: Caller, id: str, before: datetime | None = None, message: str = "", after: datetime | None = None,
        limit: int = 50, source: Several = None, event: Several = None, kind: Several = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What an account's people did and what happened to its deals, newest first."""
        moments = await people.directory.timeline(
            caller, id, before=before, message=message, after=after, limit=limit, sources=source or (),
            events=event or (), kinds=kind or (),
        )  # fmt: skip
        return {"events": [asdict(moment) for moment in moments], "more": len(moments) == limit}

    return routes


def _person(person: Person) -> dict[str, Any]:
    shown = asdict(person)
    return {"id": str(shown.pop("id")), **shown}


def _explained(identity: Identity) -> dict[str, Any]:
    return {
        "person": str(identity.person),
        "ids": [_reason(reason) for reason in identity.ids],
        "parted": [_decision(one) for one in identity.parted],
        "refused": [_refusal(one) for one in identity.refused],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "distinct_id": reason.distinct_id,
        "user": reason.is_user,
        "decided_by": _claim(reason.decided_by) if reason.decided_by else None,
        "joined_by": _decision(reason.joined_by) if reason.joined_by else None,
        "refused": [_refusal(one) for one in reason.refused],
        "decisions": [_decision(one) for one in reason.decisions],
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {**_claim(refusal.claim), "distinct_id": refusal.claim.distinct_id, "why": refusal.why}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "user_id": claim.user_id, "at": claim.at, "message_id": claim.message_id, "event": claim.event,
        "source": claim.source,
    }  # fmt: skip


def _decision(decision: Decision) -> dict[str, Any]:
    return {**asdict(decision), "id": str(decision.id), "standing": decision.undone_at is None}
