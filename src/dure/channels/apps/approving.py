"""Which apps may come: approved or kept out by who looks after the organisation, asked for by everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dure.channels.apps import approval_store as kept
from dure.channels.apps import events, store
from dure.channels.apps.model import App
from dure.channels.apps.refusals import InvalidAppId
from dure.channels.apps.registry import Registry
from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import slack_id
from dure.state import Tx

Decision = Literal["approved", "restricted"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of an app; `workspace` "" is the whole organisation."""

    app: App
    workspace: str
    decision: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class AppRequest:
    id: str
    app: App
    workspace: str
    asked_by: str
    message: str
    asked_at: datetime


class Approving(Registry):
    async def ask_for(self, principal: Principal, app_id: str, message: str = "") -> str:
        """Asks that an app be approved for the caller's workspace; the request's id."""
        access(principal, "governance:invite")
        if len(message) > 500:
            raise Invalid("`message` has at most 500 characters.", field="message")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._of_org(tx, principal, app_id)
            if await kept.is_asked(tx, principal.tenant, app_id):
                raise Conflict("Somebody asked for this app already.", field="app")
            request = slack_id("Ar")
            await kept.add_request(tx, request, principal.tenant, app_id, principal.user, message, self._clock.now())
            await self._tell(tx, principal, events.REQUESTED, app, request=request)
        return request

    async def requests(self, principal: Principal) -> Sequence[AppRequest]:
        """What waits to be decided in the caller's workspace, the newest first."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            rows = await kept.requests(tx, principal.tenant)
            apps = {row["app"]: await store.find(tx, row["app"]) for row in rows}
        return [
            AppRequest(row["id"], app, row["workspace"], row["asked_by"], row["message"], row["asked_at"])
            for row in rows if (app := apps[row["app"]]) is not None
        ]  # fmt: skip

    async def decisions(self, principal: Principal, decision: Decision, *, whole: bool) -> Sequence[Decided]:
        """Apps that were approved or kept out: of the whole organisation, or of the caller's workspace alone."""
        access(principal, "org:write")
        workspace = "" if whole else principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            rows = await kept.decisions(tx, principal.tenant.org, workspace, decision)
            apps = {row["app"]: await store.find(tx, row["app"]) for row in rows}
        return [
            Decided(app, row["workspace"], row["decision"], row["decided_by"], row["decided_at"])
            for row in rows if (app := apps[row["app"]]) is not None
        ]  # fmt: skip

    async def decide(
        self, principal: Principal, decision: Decision, *, app_id: str = "", request: str = "", whole: bool = False
    ) -> None:
        """Lets an app in or keeps it out, in the caller's workspace or in the whole organisation. What waits for it is
        answered by this."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            if request:
                asked = await kept.request(tx, principal.tenant, request)
                if asked is None:
                    raise NotFound("There is no such request.", field="request")
                if asked["resolution"]:
                    raise Conflict("It was decided before.", field="request")
                app_id = asked["app"]
            app = await self._of_org(tx, principal, app_id)
            workspace, now = "" if whole else principal.tenant.workspace, self._clock.now()
            await kept.decide(tx, principal.tenant.org, workspace, app_id, decision, principal.actor, now)
            await kept.resolve(tx, principal.tenant.org, workspace, app_id, decision, principal.actor, now)
            name = events.APPROVED if decision == "approved" else events.RESTRICTED
            await self._tell(tx, principal, name, app, whole=whole)

    async def clear(self, principal: Principal, app_id: str, *, whole: bool = False) -> None:
        """Takes a decision back. Raises Conflict where there is none."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._of_org(tx, principal, app_id)
            if not await kept.clear(tx, principal.tenant.org, "" if whole else principal.tenant.workspace, app_id):
                raise Conflict("Nothing was decided of this app.", field="app")
            await self._tell(tx, principal, events.RESOLUTION_CLEARED, app, whole=whole)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _require_approved(self, tx: Tx, principal: Principal, app: App) -> None:
        """NotAllowed for an app that is kept out, and for one that nobody approved where the rules want that."""
        await self._require_not_restricted(tx, principal, app)
        found = await kept.standing(tx, principal.tenant, app.id)
        needed = await self._governance.policies.value_in(tx, principal.tenant, "apps.approval") == "needed"
        if needed and "approved" not in found:
            raise NotAllowed(
                "This app is approved before it comes; ask for it.", data={"policy": "apps.approval", "app": app.id}
            )

    async def _require_not_restricted(self, tx: Tx, principal: Principal, app: App) -> None:
        """NotAllowed for an app that is kept out. To be told who somebody is it need not be let in."""
        if "restricted" in await kept.standing(tx, principal.tenant, app.id):
            raise NotAllowed("Who looks after the organisation keeps this app out.", data={"app": app.id})

    async def _of_org(self, tx: Tx, principal: Principal, app_id: str) -> App:
        """An app made in any workspace of the organisation."""
        app = await store.find(tx, app_id)
        org = principal.tenant.org
        spaces = {space.id for space in await self._governance.workspaces_in(tx) if space.org == org}
        if app is None or app.workspace not in spaces:
            raise InvalidAppId(field="app")
        return app
