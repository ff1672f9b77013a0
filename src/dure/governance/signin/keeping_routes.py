"""Signing in, looked after: who lacks a second factor, others' devices, providers, invitations."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from dure.governance.access import allowed
from dure.governance.http import Caller
from dure.governance.model import Principal, Role
from dure.governance.signin.api import SignIn
from dure.governance.signin.invitations import Made
from dure.governance.signin.provider_model import Joins, Kind
from dure.governance.signin.providers import Wish
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class WantedProvider:
    name: str
    kind: Kind = "openid"
    issuer: str = ""
    client_id: str = ""
    secret: str = ""
    domains: list[str] = field(default_factory=list)
    joins: Joins = "known"
    workspace: str = ""
    enabled: bool = True


@body
class NewInvitation:
    email: str
    name: str = ""
    role: Role = Role.MEMBER
    function: str = ""
    language: str = ""


def router(signin: SignIn) -> APIRouter:
    routes = APIRouter(prefix="/api/v1", tags=["governance"])

    @routes.get("/signin/people")
    async def people(caller: Caller) -> dict[str, Any]:
        """By what everybody here signs in, and who lacks the second factor that the rules ask for."""
        return {"people": [asdict(one) for one in await signin.standing(caller)]}

    @routes.get("/users/{user_id}/devices")
    async def devices(caller: Caller, user_id: str) -> dict[str, Any]:
        """Where somebody is signed in."""
        return {"devices": [asdict(one) for one in await signin.sessions.devices(caller, user_id)]}

    @routes.delete("/users/{user_id}/devices")
    async def end_devices(caller: Caller, user_id: str) -> dict[str, int]:
        """Signs somebody out everywhere; how many sessions there were."""
        return {"ended": await signin.sessions.end_all(caller, user_id)}

    @routes.delete("/users/{user_id}/devices/{session}", status_code=204)
    async def end_device(caller: Caller, user_id: str, session: str) -> None:
        """Signs one of somebody's devices out."""
        await signin.sessions.end_device(caller, user_id, session)

    @routes.delete("/users/{user_id}/second-factor", status_code=204)
    async def take_away(caller: Caller, user_id: str) -> None:
        """Helps somebody who lost everything: their second factors and sessions end, and they set up new ones."""
        await signin.factors.take_away(caller, user_id)

    @routes.get("/signin/providers")
    async def providers(caller: Caller) -> dict[str, Any]:
        """The organisation's providers, without their secrets."""
        back = f"{signin.site.url}/api/v1/signin/openid/back"
        return {"providers": [asdict(one) for one in await signin.providers.listed(caller)], "redirect_uri": back}

    @routes.post("/signin/providers", status_code=201)
    async def add_provider(caller: Caller, body: WantedProvider) -> dict[str, Any]:
        """Adds a provider through which people sign in."""
        return asdict(await signin.providers.add(caller, _wish(body)))

    @routes.put("/signin/providers/{id}")
    async def change_provider(caller: Caller, id: str, body: WantedProvider) -> dict[str, Any]:
        """Changes a provider; without `secret` the one before stays."""
        return asdict(await signin.providers.change(caller, id, _wish(body)))

    @routes.delete("/signin/providers/{id}", status_code=204)
    async def remove_provider(caller: Caller, id: str) -> None:
        """Nobody comes in by this provider any more."""
        await signin.providers.remove(caller, id)

    @routes.get("/invitations")
    async def invitations(caller: Caller) -> dict[str, Any]:
        """Who was invited here, and what became of it."""
        return {"invitations": [asdict(one) for one in await signin.invitations.listed(caller)]}

    @routes.post("/invitations", status_code=201)
    async def invite(caller: Caller, body: NewInvitation) -> dict[str, Any]:
        """Invites somebody by letter. Where no letter went out, administrators get the link."""
        made = await signin.invitations.invite(
            caller, body.email, name=body.name, role=body.role, function=body.function, language=body.language
        )
        return _made(caller, made)

    @routes.post("/invitations/{id}/again")
    async def again(caller: Caller, id: str) -> dict[str, Any]:
        """Writes once more, with a new link; the one before is good no more."""
        return _made(caller, await signin.invitations.again(caller, id))

    @routes.delete("/invitations/{id}", status_code=204)
    async def revoke(caller: Caller, id: str) -> None:
        """Takes an invitation back."""
        await signin.invitations.revoke(caller, id)

    return routes


def _made(caller: Principal, made: Made) -> dict[str, Any]:
    """Whoever has the link is whom it was for: nobody sees it whose letter arrived, nor who may give no passwords."""
    shows = made.invitation.fate != "sent" and allowed(caller, "governance:write")
    return {**asdict(made.invitation), "url": made.url if shows else ""}


def _wish(body: WantedProvider) -> Wish:
    said = {"issuer": body.issuer, "client_id": body.client_id}
    return Wish(body.kind, body.name, said, body.secret, tuple(body.domains), body.joins, body.workspace, body.enabled)
