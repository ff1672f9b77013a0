"""Apps over HTTP, below /api/v1/apps. Secrets are in the answer to what made them, and nowhere else."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

from fastapi import Request, Response

from dure.channels.api import Channels
from dure.channels.apps.api import Apps, InvalidManifest, reading
from dure.channels.apps.installing import APP_SCOPES
from dure.channels.apps.scopes import explained
from dure.channels.routes import app_shapes as shapes
from dure.channels.slack.apps import authorize_url
from dure.channels.slack.oauth import webhook_url
from dure.governance.api import Principal, access
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewManifest:
    """A Slack app manifest: an object, or its text as JSON or YAML."""

    manifest: dict[str, Any] | str


@body
class Rotation:
    secret: Literal["client_secret", "signing_secret"]


@body
class NewAppToken:
    """Without scopes: all that were given to the app, or `connections:write`."""

    kind: Literal["bot", "app"]
    scopes: list[str] = field(default_factory=list)


@body
class NewAppRequest:
    message: str = ""


@body
class NewWebhook:
    channel: str


def router(apps: Apps, channels: Channels) -> APIRouter:
    """/api/v1/apps."""
    routes = APIRouter(prefix="/api/v1/apps", tags=["apps"])

    def base(request: Request) -> str:
        return (channels.public_url or str(request.base_url)).rstrip("/") + "/"

    async def shown(caller: Principal, app: str, request: Request) -> dict[str, Any]:
        known = await apps.show(caller, app)
        tokens, hooks = await apps.tokens(caller, app), await apps.webhooks(caller, app)
        found = shapes.detail(known, caller, tokens, hooks, APP_SCOPES)
        if known.app is not None:
            found["authorize_url"] = authorize_url(base(request), known.app)
        return found

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """Apps of the workspace: for members those installed, with what they offer; for who governs all."""
        return {"apps": [shapes.brief(known) for known in await apps.known(caller)]}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: NewManifest, request: Request) -> dict[str, Any]:
        """A new app from a manifest; its secrets are shown this once."""
        app, secrets = await apps.create(caller, body.manifest)
        return {"app": await shown(caller, app.id, request), "credentials": shapes.credentials(secrets)}

    @routes.post("/validate")
    async def validate(caller: Caller, body: NewManifest) -> dict[str, Any]:
        """What is wrong with a manifest, and what it asks for."""
        access(caller, "governance:write")
        try:
            manifest = await reading(body.manifest)
        except InvalidManifest as error:
            return {"errors": error.data["errors"], "scopes": []}
        scopes = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
        return {"errors": [], "scopes": explained(scopes)}

    @routes.get("/wanted")
    async def wanted(caller: Caller) -> dict[str, Any]:
        """The organisation's apps that are not in the workspace, how each stands, and the newest request for it."""
        return {"apps": [shapes.wanted(one, caller.user) for one in await apps.wanted(caller)]}

    @routes.get("/{app}")
    async def show(caller: Caller, app: str, request: Request) -> dict[str, Any]:
        """An app with its manifest, tokens, webhooks and installations."""
        return await shown(caller, app, request)

    @routes.put("/{app}/manifest")
    async def update(caller: Caller, app: str, body: NewManifest, request: Request) -> dict[str, Any]:
        """Another manifest in the place of the one before."""
        _, wants_more = await apps.update(caller, app, body.manifest)
        return {"app": await shown(caller, app, request), "permissions_updated": wants_more}

    @routes.delete("/{app}", status_code=204)
    async def delete(caller: Caller, app: str) -> Response:
        """Deletes an app everywhere."""
        await apps.delete(caller, app)
        return Response(status_code=204)

    @routes.post("/{app}/rotate")
    async def rotate(caller: Caller, app: str, body: Rotation) -> dict[str, str]:
        """A new client or signing secret; it is shown this once, and the one before stops counting."""
        return {body.secret: await apps.rotate(caller, app, body.secret)}

    @routes.post("/{app}/install", status_code=201)
    async def install(caller: Caller, app: str, request: Request) -> dict[str, Any]:
        """Installs an app in the workspace; its bot's token is shown this once."""
        token = await apps.install(caller, app)
        return {"app": await shown(caller, app, request), "token": token}

    @routes.post("/{app}/request", status_code=201)
    async def ask_for(caller: Caller, app: str, body: NewAppRequest) -> dict[str, str]:
        """Asks who looks after the organisation to approve an app for the workspace."""
        return {"id": await apps.ask_for(caller, app, body.message)}

    @routes.delete("/{app}/request", status_code=204)
    async def cancel(caller: Caller, app: str) -> Response:
        """Takes back what one asked for."""
        await apps.cancel_own(caller, app)
        return Response(status_code=204)

    @routes.delete("/{app}/install", status_code=204)
    async def uninstall(caller: Caller, app: str) -> Response:
        """Takes an app out of the workspace; its tokens and webhooks end."""
        await apps.uninstall(caller, app)
        return Response(status_code=204)

    @routes.post("/{app}/tokens", status_code=201)
    async def create_token(caller: Caller, app: str, body: NewAppToken) -> dict[str, str]:
        """A token of an app; it is shown this once."""
        return {"token": await apps.create_token(caller, app, body.kind, body.scopes)}

    @routes.delete("/{app}/tokens/{token}", status_code=204)
    async def revoke_token(caller: Caller, app: str, token: str) -> Response:
        """Ends a token at once."""
        await apps.revoke_token(caller, app, token)
        return Response(status_code=204)

    @routes.post("/{app}/webhooks", status_code=201)
    async def create_webhook(caller: Caller, app: str, body: NewWebhook, request: Request) -> dict[str, Any]:
        """An address that posts to a channel; it is shown this once."""
        hook, secret = await apps.create_webhook(caller, app, body.channel)
        return {"webhook": shapes.webhook(hook), "url": webhook_url(base(request), hook.workspace, hook.id, secret)}

    @routes.delete("/{app}/webhooks/{webhook}", status_code=204)
    async def revoke_webhook(caller: Caller, app: str, webhook: str) -> Response:
        """Ends a webhook at once."""
        await apps.revoke_webhook(caller, app, webhook)
        return Response(status_code=204)

    return routes
