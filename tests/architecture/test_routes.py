"""Every address is one slice's: two that answer the same would hide one another without a word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI

from tests.docs.test_reference import builder


def addresses(routes: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Method and path of every route, whatever its parameters are called, with what answers it."""
    for route in routes:
        if hasattr(route, "effective_route_contexts"):  # a slice's routes, under the prefixes they were given
            yield from addresses(route.effective_route_contexts())
            continue
        it = getattr(route, "starlette_route", None) or route
        bare = re.sub(r"\{[^}:]*(:path)?\}", lambda found: "{path}" if found[1] else "{}", it.path)
        answers = f"{it.endpoint.__module__}.{getattr(it.endpoint, '__qualname__', repr(it.endpoint))}"
        for method in sorted(getattr(it, "methods", None) or {"WEBSOCKET"}):
            yield f"{method} {bare}", answers


def test_no_address_is_answered_twice() -> None:
    app: FastAPI = builder().composed().app
    by_address: dict[str, list[str]] = defaultdict(list)
    for address, answers in addresses(app.routes):
        by_address[address].append(answers)
    assert {address: answers for address, answers in by_address.items() if len(answers) > 1} == {}
    assert {"GET /api/v1/accounts", "GET /api/v1/accounts/{}", "GET /api/v1/customer-accounts"} <= set(by_address)
