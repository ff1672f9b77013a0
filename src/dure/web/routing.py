"""Routes that are read when they are first asked for.

FastAPI reads an endpoint's parameters and its answer when a route is made, and again when its router is included.
With eight hundred routes that is more than a second of work for every server that starts, every command and many a
test, nearly all of it for routes that nobody asks then. Here a route keeps what it was told, and becomes one of
FastAPI's at its first request, or when the description of the whole is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fastapi
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import compile_path, get_name

__all__ = ["APIRouter", "include"]


class LateRoute(APIRoute):
    """Knows its path and methods; everything else is there once somebody looks."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:
        self.path = path
        self.endpoint = endpoint
        self.name = told.get("name") or get_name(endpoint)
        self.include_in_schema = told.get("include_in_schema", True)
        self.methods = {method.upper() for method in told.get("methods") or ("GET",)}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._told: dict[str, Any] | None = told

    def __getattr__(self, name: str) -> Any:
        # Python comes here only for what is not there.
        told = self.__dict__.get("_told")
        if told is None or name.startswith("__"):
            raise AttributeError(name)
        self._told = None
        super().__init__(self.path, self.endpoint, **told)
        return getattr(self, name)

    def below(self, prefix: str, tags: list[Any], *, shown: bool) -> LateRoute:
        """The same route as part of another router."""
        told = dict(self._told or {})
        if self._told is None:
            raise RuntimeError(f"{self.path} was asked already")
        told["tags"] = [*tags, *(told.get("tags") or ())]
        told["include_in_schema"] = shown and self.include_in_schema
        return LateRoute(prefix + self.path, self.endpoint, **told)


class APIRouter(fastapi.APIRouter):
    """FastAPI's, with routes of this kind. Of `include_router` only the router is known here."""

    def __init__(self, **told: Any) -> None:
        super().__init__(route_class=LateRoute, **told)

    def include_router(self, router: fastapi.APIRouter, **told: Any) -> None:
        if told or self.dependencies:
            raise TypeError("A router is included as it is.")
        for route in router.routes:
            own = isinstance(route, LateRoute) and (self.prefix or self.tags or not self.include_in_schema)
            self.routes.append(
                route.below(self.prefix, self.tags, shown=self.include_in_schema)
                if own and isinstance(route, LateRoute) else route
            )  # fmt: skip


def include(app: FastAPI, *routers: fastapi.APIRouter) -> None:
    """Puts routers' routes beside those that the application has, without reading them."""
    for router in routers:
        app.router.routes.extend(router.routes)
