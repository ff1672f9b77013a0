"""Paths that the clients of two vendors use: each request is one vendor's or the other's."""

from __future__ import annotations

from collections.abc import Callable

from dure.ingest.plugs import Decoded, EventProtocol, Outcome, Reply, Request
from dure.kernel.errors import TooLarge


class Either:
    """Fills `EventProtocol` with two others. `is_other` looks at a request, whose body may not be read yet."""

    def __init__(
        self, paths: tuple[str, ...], one: EventProtocol, other: EventProtocol, is_other: Callable[[Request], bool]
    ) -> None:
        self.paths = paths
        self.one = one
        self.other = other
        self.is_other = is_other
        self.name = f"{one.name} or {other.name}"
        self.methods = tuple(dict.fromkeys((*one.methods, *other.methods)))

    def limit(self, path: str) -> int:
        return max(self.one.limit(path), self.other.limit(path))

    def decode(self, request: Request) -> Decoded:
        its = self._of(request)
        if len(request.body) > its.limit(request.path):
            raise TooLarge(f"The body has {len(request.body)} bytes; this path takes {its.limit(request.path)}.")
        return its.decode(request)

    def answer(self, request: Request, outcome: Outcome) -> Reply:
        return self._of(request).answer(request, outcome)

    def failed(self, request: Request, status: int, code: str, message: str) -> Reply:
        return self._of(request).failed(request, status, code, message)

    def _of(self, request: Request) -> EventProtocol:
        return self.other if self.is_other(request) else self.one
