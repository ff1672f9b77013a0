"""Information barriers over HTTP."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from dure.governance.barriers.api import Barriers
from dure.governance.barriers.model import SUBJECTS
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewBarrier:
    """Groups that are kept apart; `rooms`: in private channels, too."""

    primary: str
    groups: list[str]
    subjects: list[str] = field(default_factory=lambda: list(SUBJECTS))
    rooms: bool = False


def router(barriers: Barriers) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/organisation/barriers", tags=["governance"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """The organisation's information barriers, and the groups that one can name."""
        found, groups = await barriers.listed(caller), await barriers.nameable(caller)
        return {"barriers": [asdict(one) for one in found], "groups": [asdict(one) for one in groups]}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: NewBarrier) -> dict[str, Any]:
        """Keeps a group of people from others."""
        made = await barriers.create(caller, body.primary, body.groups, body.subjects, rooms=body.rooms)
        return asdict(made)

    @routes.put("/{barrier}")
    async def update(caller: Caller, barrier: str, body: NewBarrier) -> dict[str, Any]:
        """Changes whom a barrier keeps apart."""
        return asdict(
            await barriers.update(caller, barrier, body.primary, body.groups, body.subjects, rooms=body.rooms)
        )

    @routes.delete("/{barrier}", status_code=204)
    async def delete(caller: Caller, barrier: str) -> None:
        """Takes a barrier away."""
        await barriers.delete(caller, barrier)

    return routes
