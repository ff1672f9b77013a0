"""People over Dure's own REST."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from dure.governance.http import Caller
from dure.people.api import People, Person, Reason
from dure.people.links import Claim


def router(people: People) -> APIRouter:
    """`/api/v1/people…`; `{id}` is a person id or any distinct id."""
    routes = APIRouter(prefix="/api/v1/people", tags=["people"])

    @routes.get("")
    async def search(caller: Caller, q: str = "", limit: int = 50) -> dict[str, Any]:
        """People by id, name or e-mail."""
        found = await people.search(caller, q, limit)
        return {"people": [_person(person) for person in found], "known": await people.count(caller)}

    @routes.get("/{id}")
    async def person(caller: Caller, id: str) -> dict[str, Any]:
        """A person with their traits and ids."""
        return _person(await people.person(caller, id))

    @routes.get("/{id}/timeline")
    async def timeline(
        caller: Caller, id: str, before: datetime | None = None, message: str = "", after: datetime | None = None,
        limit: int = 50,
        source: Annotated[list[str] | None, Query()] = None, event: Annotated[list[str] | None, Query()] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """A person's events, newest first."""
        moments = await people.timeline(
            caller,
            id,
            before=before,
            message=message,
            after=after,
            limit=limit,
            sources=source or (),
            events=event or (),
        )
        return {"events": [asdict(moment) for moment in moments], "more": len(moments) == limit}

    @routes.get("/{id}/identity")
    async def identity(caller: Caller, id: str) -> dict[str, Any]:
        """For each of a person's ids, which message decided that it is theirs."""
        return {"ids": [_reason(reason) for reason in await people.identity(caller, id)]}

    return routes


def _person(person: Person) -> dict[str, Any]:
    shown = asdict(person)
    return {"id": str(shown.pop("id")), **shown}


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "distinct_id": reason.distinct_id,
        "user": reason.is_user,
        "decided_by": _claim(reason.decided_by) if reason.decided_by else None,
        "overruled": [_claim(claim) for claim in reason.overruled],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {"user_id": claim.user_id, "at": claim.at, "message_id": claim.message_id, "source": claim.source}
