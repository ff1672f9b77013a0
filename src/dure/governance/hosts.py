"""The outside hosts that a workspace's automations may call. An empty list allows every public one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access
from dure.governance.model import Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.state import State

_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_MOST = 500


class Hosts:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def allowed(self, tenant: Tenant) -> list[str]:
        """The list by name, for the way out."""
        async with self._state.begin(tenant) as tx:
            return await store.allowed_hosts(tx, tenant.workspace)

    async def listed(self, principal: Principal) -> list[str]:
        access(principal, "governance:read")
        return await self.allowed(principal.tenant)

    async def set(self, principal: Principal, hosts: Sequence[str]) -> list[str]:
        """Puts another list in the place of the one there is; an administrator's to do."""
        access(principal, "governance:write")
        wanted = sorted({read_host(host, f"hosts[{number}]") for number, host in enumerate(hosts)})
        if len(wanted) > _MOST:
            raise Invalid(f"At most {_MOST} hosts can be listed.", field="hosts")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            before = await store.allowed_hosts(tx, workspace)
            if before != wanted:
                await store.set_allowed_hosts(tx, workspace, wanted, principal.actor, self._clock.now())
                about = {"hosts": wanted, "before": before}
                told = events.governance_event(
                    principal, self._clock, events.HOSTS_CHANGED, "workspace", workspace, about
                )
                await append(tx, told)
        return wanted


def read_host(host: str, field: str = "host") -> str:
    """A host as it is kept, in small letters and punycode, without scheme, port or path."""
    try:
        name = host.strip().lower().rstrip(".")
        star, bare = ("*.", name[2:]) if name.startswith("*.") else ("", name)
        kept = star + bare.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Invalid(f"{host!r} is not a host.", field=field) from error
    if not _HOST.fullmatch(kept) or len(kept) > 253:
        raise Invalid(f"{host!r} is not a host such as hooks.example or *.example.", field=field)
    return kept


def fits(host: str, allowed: Sequence[str]) -> bool:
    """Whether a list allows a host; `*.example` means what lies below example, not example itself."""
    return any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in allowed)
