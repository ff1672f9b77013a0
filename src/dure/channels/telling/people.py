"""People of the workspace, as apps hear of them."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels.model import ts_at, ts_text
from dure.channels.plugs import SlackEvent, Teller, Tellers, Telling
from dure.channels.slack import shapes
from dure.feed.api import Event
from dure.governance import events
from dure.kernel.tenant import Tenant


def _person(kind: str) -> Teller:
    async def tell(telling: Telling, event: Event) -> Sequence[SlackEvent]:
        tenant = Tenant(event.org, event.workspace)
        found = next((user for user in await telling.people(tenant) if user.id == event.object), None)
        if found is None:
            return ()
        system = telling.governance.system(tenant, "delivery")
        event_ts = ts_text(ts_at(event.time))
        body = {"type": kind, "user": shapes.user(found, system), "cache_ts": int(event.time.timestamp())}
        return (SlackEvent(kind, {**body, "event_ts": event_ts}, ("users:read",)),)

    return tell


TELLERS: Tellers = {
    events.USER_CREATED: _person("team_join"),
    **dict.fromkeys((events.USER_DEACTIVATED, events.GUEST_EXPIRED, events.ROLE_CHANGED), _person("user_change")),
}
