"""From where a request came, for whoever proves what was done: carried beside the request, looked at seldom."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from typing import Any

_MOST_AGENT = 300


@dataclass(slots=True)
class Origin:
    """A request or a socket (its ASGI scope) and by what it proved who it is, once that is known.

    The address is the one that the HTTP server gives: the peer's, or what a proxy said that the server trusts.
    """

    scope: Mapping[str, Any]
    session: str = ""
    token: str = ""
    app: str = ""

    @property
    def address(self) -> str:
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def agent(self) -> str:
        for name, value in self.scope.get("headers", ()):
            if name == b"user-agent":
                return str(value.decode("latin-1"))[:_MOST_AGENT]
        return ""


_current: ContextVar[Origin | None] = ContextVar("dure.origin", default=None)


def arrive(scope: Mapping[str, Any]) -> Origin:
    """Says that what is done from here on is this request's."""
    origin = Origin(scope)
    _current.set(origin)
    return origin


def origin() -> Origin | None:
    """Whose request this is; None for what the server does by itself."""
    return _current.get()


def proven(*, session: str = "", token: str = "", app: str = "") -> None:
    """Notes by what the request proved who it is."""
    known = _current.get()
    if known is not None:
        known.session, known.token, known.app = session, token, app


def apart() -> Context:
    """This context for work that is done for many: no request's."""
    made = copy_context()
    made.run(_current.set, None)
    return made
