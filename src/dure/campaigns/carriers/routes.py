"""Providers over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.campaigns.carriers.kinds import KINDS
from dure.campaigns.carriers.providers import Providers
from dure.governance.api import access
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Given:
    """Without a `secret` the one that is kept stays."""

    settings: dict[str, str]
    secret: str | None = None


def router(api: Providers, push_key: str) -> APIRouter:
    """/api/v1/providers."""
    routes = APIRouter(prefix="/api/v1/providers", tags=["campaigns"])

    @routes.get("")
    async def providers(caller: Caller) -> dict[str, Any]:
        """What messages go out by, without secrets; `kinds` says what each is set by, `push_key` is the public key that
        browsers subscribe with."""
        kinds = [
            {
                "kind": one.name, "secret": one.secret,
                "settings": [{"name": each.name, "about": each.about, "needed": each.needed} for each in one.settings],
            }
            for one in KINDS.values()
        ]  # fmt: skip
        return {"providers": [asdict(one) for one in await api.shown(caller)], "kinds": kinds, "push_key": push_key}

    @routes.put("/{kind}")
    async def put(caller: Caller, kind: str, body: Given) -> dict[str, Any]:
        """Sets a provider (email, fcm, apns, sms, webhook, post, in_app) by its settings and its secret."""
        access(caller, "campaigns:configure")
        if body.secret is not None and not body.secret.strip():
            raise Invalid("The secret is empty; leave it out to keep the one there is.", field="secret")
        await api.put(caller, kind, body.settings, body.secret)
        return {"kind": kind}

    @routes.delete("/{kind}")
    async def remove(caller: Caller, kind: str) -> dict[str, Any]:
        """Nothing goes out by it any more."""
        await api.remove(caller, kind)
        return {"removed": kind}

    return routes
