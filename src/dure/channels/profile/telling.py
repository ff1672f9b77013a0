"""What apps are told when somebody changes what they say of themselves."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels.events import PROFILE_CHANGED
from dure.channels.model import ts_at, ts_text
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.channels.profile import store
from dure.channels.slack import shapes
from dure.feed.api import Event
from dure.governance.api import Principal, Role
from dure.kernel.tenant import Tenant

_SCOPES = ("users:read",)


async def changed(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """`user_change` always, and beside it what the change was of."""
    beside = "user_status_changed" if event.properties.get("status") else "user_profile_changed"
    return await _user(telling, event, "user_change", beside)


async def _user(telling: Telling, event: Event, *kinds: str) -> Sequence[SlackEvent]:
    tenant = Tenant(event.org, event.workspace)
    found = next((one for one in await telling.governance.users_in(telling.tx, tenant) if one.id == event.object), None)
    if found is None:
        return ()
    said = await store.find(telling.tx, event.workspace, found.id)
    zone = next((one.timezone for one in await telling.governance.workspaces() if one.id == event.workspace), "UTC")
    shape = shapes.user(found, Principal(tenant, "", Role.MEMBER), zone, said.at(event.time), now=event.time)
    at = {"cache_ts": int(event.time.timestamp()), "event_ts": ts_text(ts_at(event.time))}
    return [
        SlackEvent(
            kind, {"type": kind, "user": shape, **at}, _SCOPES
        )
        for kind in kinds
    ]  # fmt: skip


TELLERS: Tellers = {
    PROFILE_CHANGED: changed,
}
