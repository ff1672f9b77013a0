"""Requests for apps as they are looked at: by who answers them, and by who waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from dure.channels.apps import approval_store as kept
from dure.channels.apps import events, store
from dure.channels.apps.approving import AppRequest, Approving, Decided
from dure.channels.apps.model import App
from dure.governance.api import Principal, access, allowed
from dure.kernel.errors import Conflict, NotFound

Standing = Literal["free", "needed", "asked", "approved", "restricted"]
"""How an app stands in a workspace: whoever governs may let it in, it is approved first, somebody asked for it, it may
come, it is kept out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An app of the organisation that is not in a workspace. `asked_by` of the newest request, "" without one;
    `resolution` is how that was answered, "" while it waits."""

    app: App
    standing: Standing
    asked_by: str = ""
    asked_at: datetime | None = None
    message: str = ""
    resolution: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be decided in an organisation and what was; `needed`: an app is approved before it comes."""

    requests: Sequence[AppRequest]
    decisions: Sequence[Decided]
    needed: bool


class Wanting(Approving):
    async def waiting(self, principal: Principal) -> Waiting:
        """What waits in every workspace of the organisation, and what was decided; for who looks after it."""
        access(principal, "org:read")
        org = principal.tenant.org
        async with self._state.begin(principal.tenant) as tx:
            asked, decided = await kept.waiting(tx, org), await kept.every_decision(tx, org)
            named = {row["app"] for row in (*asked, *decided)}
            apps = {one: found for one in named if (found := await store.find(tx, one)) is not None}
            needed = await self._governance.policies.value_in(tx, principal.tenant, "apps.approval") == "needed"
        return Waiting(
            [AppRequest(row["id"], apps[row["app"]], row["workspace"], row["asked_by"], row["message"], row["asked_at"])
             for row in asked if row["app"] in apps],
            [Decided(apps[row["app"]], row["workspace"], row["decision"], row["decided_by"], row["decided_at"])
             for row in decided if row["app"] in apps],
            needed,
        )  # fmt: skip

    async def wanted(self, principal: Principal) -> list[Wanted]:
        """The apps of the organisation that are not in the caller's workspace, by name, and how each stands."""
        access(principal, "governance:invite")
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            here = {known.id for known in await self._known(tx, tenant) if known.installation is not None}
            spaces = [one for one in await self._governance.workspaces_in(tx) if one.org == tenant.org]
            asked = await kept.newest_requests(tx, tenant)
            needed = await self._governance.policies.value_in(tx, tenant, "apps.approval") == "needed"
            decided: dict[str, dict[str, Any]] = {}
            for row in await kept.every_decision(tx, tenant.org):
                if row["workspace"] in ("", tenant.workspace):  # what keeps an app out is stronger than what lets it in
                    decided[row["app"]] = max(decided.get(row["app"], row), row, key=_strength)
            apps = {app.id: app for space in spaces for app in await store.of_workspace(tx, space.id)}
        found = [
            _wanted(app, asked.get(app.id), decided.get(app.id), needed) for app in apps.values() if app.id not in here
        ]
        return sorted(found, key=lambda one: (one.app.name.lower(), one.app.id))

    async def cancel_request(self, principal: Principal, request: str) -> None:
        """Takes a request of the caller's workspace back: whoever asked may, and who looks after the organisation.

        Raises NotFound, Conflict where it was answered.
        """
        access(principal, "governance:invite")
        async with self._state.begin(principal.tenant) as tx:
            found = await kept.request(tx, principal.tenant, request)
            if found is None or not (found["asked_by"] == principal.user or allowed(principal, "org:write")):
                raise NotFound("There is no such request.", field="request")
            if found["resolution"]:
                raise Conflict("It was decided before.", field="request")
            app = await self._of_org(tx, principal, found["app"])
            await kept.cancel(tx, found["id"], principal.actor, self._clock.now())
            await self._tell(tx, principal, events.REQUEST_CANCELLED, app, request=found["id"])

    async def cancel_own(self, principal: Principal, app_id: str) -> None:
        """Takes back what the caller asked for in their workspace."""
        access(principal, "governance:invite")
        async with self._state.begin(principal.tenant) as tx:
            row = (await kept.newest_requests(tx, principal.tenant)).get(app_id)
        if row is None or row["asked_by"] != principal.user:
            raise NotFound("You did not ask for this app.", field="app")
        await self.cancel_request(principal, row["id"])


def _strength(row: dict[str, Any]) -> bool:
    return bool(row["decision"] == "restricted")


def _wanted(app: App, asked: dict[str, Any] | None, decided: dict[str, Any] | None, needed: bool) -> Wanted:
    standing: Standing = "needed" if needed else "free"
    if decided is not None:
        standing = "restricted" if decided["decision"] == "restricted" else "approved"
    if asked is not None and not asked["resolution"]:
        standing = "asked"
    made = Wanted(app, standing)
    if asked is not None:
        made = replace(
            made, asked_by=asked["asked_by"], asked_at=asked["asked_at"], message=asked["message"],
            resolution=asked["resolution"], decided_by=asked["resolved_by"], decided_at=asked["resolved_at"],
        )  # fmt: skip
    if decided is not None and standing != "asked":
        made = replace(made, decided_by=decided["decided_by"], decided_at=decided["decided_at"])
    return made
