"""Partners over HTTP, below /api/v1/partners: for who looks after the organisation; what waits, for everybody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import Response

from dure.channels.federation import problems
from dure.channels.federation.api import Federation
from dure.channels.federation.partnerships import Shown
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Pairing:
    address: str
    code: str


@body
class Comparison:
    fingerprint: str


@body
class NewOffer:
    """`link`: whoever has it opens it on the partner's server; with an e-mail it goes there by letter."""

    channel: str
    email: str = ""
    limited: bool = False
    link: bool = False


def router(federation: Federation) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/partners", tags=["channels"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """The organisation's partners on other servers, and the address by which they know this one."""
        return {"address": federation.address, "partners": [_shape(one) for one in await federation.partners(caller)]}

    @routes.post("", status_code=201)
    async def pair(caller: Caller, body: Pairing) -> dict[str, Any]:
        """Enters the code that another server shows."""
        return _shape(await federation.pair(caller, body.address, body.code))

    @routes.post("/codes", status_code=201)
    async def code(caller: Caller) -> dict[str, Any]:
        """A code for another server to enter, once."""
        code, made = await federation.show_code(caller)
        return {"code": code, "until": made.code_until, "address": federation.address}

    @routes.get("/reachable")
    async def reachable(caller: Caller) -> dict[str, Any]:
        """Partners with whom a channel can be shared."""
        found = await federation.reachable(caller)
        return {"partners": [{"id": one.id, "name": one.name, "address": one.address} for one in found]}

    @routes.get("/channels/{channel}")
    async def about(caller: Caller, channel: str) -> dict[str, Any]:
        """The other servers of a channel, and one's own messages that are on their way to its home."""
        waiting = await federation.pending(caller, channel)
        return {
            "servers": await federation.about(caller, channel),
            "pending": [
                {"id": one.id, "text": one.body.get("text") or "", "thread_ts": one.body.get("thread_ts"),
                 "client_msg_id": one.subject, "state": one.state, "code": one.code, "why": one.why,
                 "made_at": one.made_at}
                for one in waiting
            ],
        }  # fmt: skip

    @routes.post("/links/{secret}/open")
    async def open_link(caller: Caller, secret: str) -> dict[str, Any]:
        """Opens a link to a partner's channel, which is offered to the caller's workspace from then on."""
        return asdict(await federation.links.open(caller, secret))

    @routes.post("/requests/{request}/again", status_code=204)
    async def again(caller: Caller, request: str) -> Response:
        """Says a refused message once more."""
        await federation.again(caller, request)
        return Response(status_code=204)

    @routes.delete("/requests/{request}", status_code=204)
    async def drop(caller: Caller, request: str) -> Response:
        """Lets a refused message go."""
        await federation.drop(caller, request)
        return Response(status_code=204)

    @routes.post("/{partner}/confirm")
    async def confirm(caller: Caller, partner: str, body: Comparison) -> dict[str, Any]:
        """Says that both sides see this fingerprint."""
        return _shape(await federation.confirm(caller, partner, body.fingerprint))

    @routes.post("/{partner}/rotate")
    async def rotate(caller: Caller, partner: str) -> dict[str, Any]:
        """Gives the partner a new key of this server, signed by the old one."""
        return _shape(await federation.rotate(caller, partner))

    @routes.post("/{partner}/offers", status_code=201)
    async def offer(caller: Caller, partner: str, body: NewOffer) -> dict[str, Any]:
        """Offers a channel to a partner: to who has this e-mail there, or to all of its workspaces."""
        made = await federation.links.offer(
            caller, body.channel, partner, body.email, limited=body.limited, link=body.link
        )
        letter = bool(body.link and body.email and federation.links.postman)
        return {"invite": made.invite, "state": made.state, "expires_at": made.expires_at, "link": made.link,
                "letter": letter}  # fmt: skip

    @routes.delete("/{partner}", status_code=204)
    async def end(caller: Caller, partner: str) -> Response:
        """Ends a partnership and everything that is shared by it."""
        await federation.end(caller, partner)
        return Response(status_code=204)

    return routes


def _shape(one: Shown) -> dict[str, Any]:
    it = one.partner
    problem, detail = problems.read(it.error)
    return {
        "id": it.id, "name": it.name, "address": it.address, "state": it.state, "fingerprint": one.fingerprint,
        "made_at": it.made_at, "confirmed_at": it.confirmed_at, "ended_at": it.ended_at, "heard_at": it.heard_at,
        "waiting": it.waiting, "ahead": it.ahead, "oldest": one.oldest, "tries": it.tries, "again_at": it.due_at
        if it.tries else None, "problem": problem, "error": detail, "restored": it.restored,
        "restored_at": it.restored_at, "channels": one.channels, "refused": list(one.refused),
    }  # fmt: skip
