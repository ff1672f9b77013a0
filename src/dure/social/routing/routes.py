"""Routing over HTTP: the queue, verdicts, settings, replay, figures, models."""

from __future__ import annotations

import uuid
from dataclasses import asdict, field
from typing import Any, Literal

import msgspec

from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.social.model import Rule
from dure.social.routing.api import Routing
from dure.social.routing.model import TEAMS, Settings, Setup
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Verdict:
    """`function` is named where it is moved."""

    verdict: Literal["accepted", "moved", "refused", "nobody"]
    function: str = ""
    channel: str = ""
    version: int | None = None


@body
class RoutingSettings:
    gate: float = 0.5
    audit: float = 0.05
    channels: dict[str, str] = field(default_factory=dict)


@body
class Tried:
    """What is left out is as it is."""

    days: int = 7
    rules: list[dict[str, Any]] | None = None
    gate: float | None = None
    model: int | None = None


@body
class Active:
    version: int


def router(api: Routing) -> APIRouter:
    """/api/v1/mention-routing/…, and verdicts on mentions."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])

    @routes.get("/mention-routing")
    async def setup(caller: Caller) -> dict[str, Any]:
        """Rules, settings, and the version that decides."""
        return _setup(await api.setup(caller))

    @routes.put("/mention-routing/settings")
    async def settings(caller: Caller, body: RoutingSettings) -> dict[str, Any]:
        """Sets the gate, the share of the sample and the functions' channels."""
        channels = {name: channel.strip().lstrip("#") for name, channel in body.channels.items() if channel.strip()}
        await api.set_settings(caller, Settings(gate=body.gate, audit=body.audit, channels=channels))
        return _setup(await api.setup(caller))

    @routes.get("/mention-routing/waiting")
    async def waiting(caller: Caller, sample: bool = False, limit: int = 50) -> dict[str, Any]:
        """Mentions that wait for a person, with who it could be for; `sample`: routed ones that are asked about."""
        found = await api.waiting(caller, sample=sample, limit=limit)
        return {
            "waiting": [
                {"mention": asdict(one.mention), "decided": asdict(one.decided) if one.decided else None}
                for one in found
            ]
        }

    @routes.post("/mention-routing/replay")
    async def replay(caller: Caller, body: Tried) -> dict[str, Any]:
        """Decides the mentions of the last days anew, by other rules, another gate or model; nothing is changed."""
        try:
            rules = None if body.rules is None else msgspec.convert(body.rules, list[Rule])
        except msgspec.ValidationError as error:
            raise Invalid(str(error), field="rules") from error
        return asdict(await api.replay(caller, days=body.days, rules_=rules, gate=body.gate, model=body.model))

    @routes.get("/mention-routing/figures")
    async def figures(caller: Caller, days: int = 30) -> dict[str, Any]:
        """Coverage, precision and recall by function, transfers, time to the right owner."""
        return await api.figures(caller, days)

    @routes.get("/mention-routing/models")
    async def models(caller: Caller) -> dict[str, Any]:
        """Every version of the model with its card."""
        return {"models": await api.models(caller)}

    @routes.post("/mention-routing/learn", status_code=201)
    async def learn(caller: Caller) -> dict[str, Any]:
        """Learns of what people decided now instead of later; version 0 where there is too little."""
        return {"version": await api.learn_now(caller)}

    @routes.put("/mention-routing/active")
    async def activate(caller: Caller, body: Active) -> dict[str, Any]:
        """Lets a version decide from now on; 0 is the built-in beginning."""
        await api.activate(caller, body.version)
        return _setup(await api.setup(caller))

    @routes.get("/mentions/{mention_id}/routing")
    async def decided(caller: Caller, mention_id: uuid.UUID) -> dict[str, Any]:
        """What was decided of a mention and why."""
        told, why = await api.decided(caller, mention_id)
        return {"decided": asdict(told) if told else None, "why": why}

    @routes.post("/mentions/{mention_id}/verdict")
    async def verdict(caller: Caller, mention_id: uuid.UUID, body: Verdict) -> dict[str, Any]:
        """Accepts a mention, moves it to a function, says that it is not for the one that has it, or nobody's."""
        return asdict(
            await api.decide(
                caller, mention_id, body.verdict, function=body.function, channel=body.channel, version=body.version
            )
        )

    return routes


def _setup(setup: Setup) -> dict[str, Any]:
    channels = {name: setup.settings.channel_of(name) for name in TEAMS}
    return {
        "rules": msgspec.to_builtins(setup.rules), "gate": setup.settings.gate, "audit": setup.settings.audit,
        "channels": channels, "model": setup.model, "version": setup.version, "functions": TEAMS,
    }  # fmt: skip
