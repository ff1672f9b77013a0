"""Flags over HTTP: Dure's own, and the definitions that PostHog's server libraries poll."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

import msgspec
from fastapi import Request, Response

from dure.experiments.flags.api import Flags
from dure.experiments.flags.model import Flag
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewFlag:
    key: str
    design: dict[str, Any] = field(default_factory=dict)


@body
class ChangedFlag:
    design: dict[str, Any]


@body
class Override:
    """`value` is true, false, a variant, or null to take the exception away."""

    distinct_id: str
    value: bool | str | None = None


@body
class Trial:
    distinct_id: str
    traits: dict[str, Any] = field(default_factory=dict)


def router(api: Flags) -> APIRouter:
    """/api/v1/flags."""
    routes = APIRouter(prefix="/api/v1", tags=["flags"])

    @routes.get("/flags")
    async def flags(caller: Caller) -> dict[str, Any]:
        """Every feature flag by its key."""
        return {"flags": [_told(flag) for flag in await api.flags(caller)]}

    @routes.post("/flags", status_code=201)
    async def create(caller: Caller, body: NewFlag) -> dict[str, Any]:
        """Makes a flag."""
        return _told(await api.create(caller, body.key, body.design))

    @routes.get("/flags/{key}")
    async def one(caller: Caller, key: str) -> dict[str, Any]:
        """A flag with its conditions and exceptions."""
        return _told(await api.flag(caller, key))

    @routes.put("/flags/{key}")
    async def change(caller: Caller, key: str, body: ChangedFlag) -> dict[str, Any]:
        """Puts another design in a flag's place; every server answers by it within moments."""
        return _told(await api.change(caller, key, body.design))

    @routes.delete("/flags/{key}", status_code=204)
    async def delete(caller: Caller, key: str) -> None:
        """Removes a flag."""
        await api.delete(caller, key)

    @routes.put("/flags/{key}/overrides")
    async def override(caller: Caller, key: str, body: Override) -> dict[str, Any]:
        """Sets what a flag is for one person, whatever its conditions say."""
        return _told(await api.override(caller, key, body.distinct_id, body.value))

    @routes.post("/flags/{key}/try")
    async def try_out(caller: Caller, key: str, body: Trial) -> dict[str, Any]:
        """What the flag is for somebody, and why; nobody counts as exposed by it."""
        await api.flag(caller, key)
        (told,) = await api.try_out(caller, body.distinct_id, body.traits, [key])
        return asdict(told)

    return routes


def definitions(api: Flags) -> APIRouter:
    """Where PostHog's server libraries ask with a personal key, which here is a user's token."""
    routes = APIRouter(tags=["flags"])

    async def told(caller: Caller, request: Request) -> Response:
        """Flags as definitions that PostHog's server libraries evaluate by themselves."""
        edition, known = await api.definitions(caller)
        tag = f'"{caller.tenant.workspace}-{edition}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        found = {"flags": known, "group_type_mapping": {}, "cohorts": {}}
        return Response(msgspec.json.encode(found), media_type="application/json", headers={"etag": tag})

    for path in ("/flags/definitions", "/api/feature_flag/local_evaluation", "/api/feature_flag/local_evaluation/"):
        routes.add_api_route(path, told, methods=["GET"], operation_id="told" + path.replace("/", "_"))
    return routes


def _told(flag: Flag) -> dict[str, Any]:
    design = flag.design
    return {
        "key": flag.key, "number": flag.number, "version": flag.version, "by": flag.by, "created_at": flag.created_at,
        "changed_at": flag.changed_at, "overrides": dict(flag.overrides),
        "design": {
            "name": design.name, "active": design.active, "experiment": design.experiment, "expose": design.expose,
            "variants": [msgspec.to_builtins(one) for one in design.variants], "payloads": design.payloads,
            "conditions": [
                {"where": [{"op": "=", **msgspec.to_builtins(each)} for each in one.where], "segment": one.segment,
                 "rollout": one.rollout, "variant": one.variant}
                for one in design.conditions
            ],
        },
    }  # fmt: skip
