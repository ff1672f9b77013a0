"""What every `admin.*` method begins with: only the organisation's owners and administrators, with their own token.

The door has asked for the method's scope; the rooms behind are asked as the person, whose right is the organisation's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Handler, Method
from dure.governance.api import OrgRole, Workspace
from dure.kernel.errors import NotAllowed

_SECONDS = 8.0

Act = Callable[[Call], Awaitable[dict[str, Any] | None]]


def administered(area: str, acts: Mapping[str, tuple[Act, str]]) -> Mapping[str, Method]:
    """A table of methods: each with what it does and `read` or `write`."""
    return {
        name: Method(_checked(act), (f"admin.{area}:write",) if way == "write" else _reading(area), ("user",))
        for name, (act, way) in acts.items()
    }


def page(call: Call, kind: str, default: int, most: int) -> tuple[int, int]:
    """How many were shown before, and how many are asked for."""
    place = call.arguments.cursor(kind)
    if place and not place.isdigit():
        raise Refused("invalid_cursor")
    return int(place[:9] or 0), call.arguments.whole("limit", default, most)


def next_cursor(kind: str, after: int) -> str:
    return cursor_of(kind, str(after)) if after else ""


def cut(kind: str, found: Sequence[Any], after: int, limit: int) -> tuple[list[Any], dict[str, str]]:
    """A page of a list, and `response_metadata`."""
    more = after + limit if len(found) > after + limit else 0
    return list(found[after : after + limit]), {"next_cursor": next_cursor(kind, more)}


async def team(call: Call, name: str = "team_id", error: str = "team_not_found") -> Workspace:
    """The workspace of the organisation that an argument names."""
    spaces = await call.channels.spanning.workspaces(call.principal)
    found = spaces.get(call.arguments.needed(name, error))
    if found is None:
        raise Refused(error)
    return found


async def picture(call: Call, url: str, most: int, failed: str) -> bytes:
    """What lies at an address outside, by the guarded way out."""
    if call.services.fetching is None or not url.startswith(("http://", "https://")):
        raise Refused(failed)
    try:
        return await call.services.fetching.fetch(call.principal.tenant, url, _SECONDS, most + 1)
    except (OSError, NotAllowed) as error:
        raise Refused(failed) from error


def _reading(area: str) -> tuple[str, ...]:
    return (f"admin.{area}:read", f"admin.{area}:write")


def _checked(act: Act) -> Handler:
    async def handle(call: Call) -> dict[str, Any]:
        if call.principal.org_role not in (OrgRole.OWNER, OrgRole.ADMIN):
            raise Refused("not_an_admin")
        return await act(replace(call, principal=replace(call.principal, scopes=frozenset({"*"})))) or {}

    return handle
