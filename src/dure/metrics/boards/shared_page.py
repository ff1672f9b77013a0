"""The page that a link opens for people without an account."""

from __future__ import annotations

from fastapi import Request, Response

from dure.kernel.errors import NotFound
from dure.metrics.boards.sharing import Shares
from dure.web.assets import Assets
from dure.web.routing import APIRouter
from dure.web.shell import Shell, preferences


def router(shares: Shares, assets: Assets) -> APIRouter:
    """`/shared/{secret}`: 404 for a link that does not hold, with a page that says so."""
    routes = APIRouter(include_in_schema=False)
    shell = Shell(assets, [])

    @routes.get("/shared/{secret}")
    async def page(secret: str, request: Request) -> Response:
        boot: dict[str, object] = dict(preferences(request.cookies, request.headers.get("accept-language", "")))
        try:
            boot["workspace"], status = await shares.house(secret), 200
        except NotFound as error:
            status = error.status
        response = shell.guest("metrics/shared.js", boot, status=status)
        # The address is the key: it goes to no other site, and no search engine keeps it.
        response.headers["referrer-policy"] = "no-referrer"
        response.headers["x-robots-tag"] = "noindex"
        return response

    return routes
