"""A door that is asked before the framework looks for a route: some are asked far more often than all the others."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from dure.web.front import Front
from dure.web.problems import Also


class First:
    """Hands requests below a prefix to a door of its own, with the same front as everything else."""

    def __init__(self, app: ASGIApp, prefix: str, door: ASGIApp, also: Also | None = None) -> None:
        self._app = app
        self._prefix = prefix
        self._door = Front(door, also)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        mine = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        await (self._door if mine else self._app)(scope, receive, send)
