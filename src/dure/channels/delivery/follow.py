"""From the feed to the queue: each event for each app that wants it, in the cursor's transaction, so exactly once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import structlog

from dure.channels import events
from dure.channels.apps.events import UNINSTALLED
from dure.channels.apps.model import Installation
from dure.channels.apps.store import installations, once_installed
from dure.channels.delivery import notices
from dure.channels.delivery.model import New
from dure.channels.delivery.rules import EVENTS_AN_HOUR, event_id, summary, wants, wrapped
from dure.channels.plugs import SlackEvent, Telling
from dure.channels.store import conversations, deliveries, hooks, sockets
from dure.channels.telling.registry import INSIDE, TELLERS
from dure.feed.api import Batch, Bell, Event, Follower, Lane, decode
from dure.governance.api import Governance
from dure.governance.events import TOKEN_REVOKED
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

log = structlog.get_logger("dure.channels.delivery")

NAME = "delivery"
_NEEDLES = tuple(f'"event":"{name}"'.encode() for name in TELLERS)


@dataclass(frozen=True, slots=True)
class _Told:
    """An event for an app, before it is known whether the app's bot is in the channel. `id` is its event id."""

    event: Event
    app: Installation
    what: SlackEvent
    id: str


class DeliveryFollower:
    """Follows the acts under the name `delivery`."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, *, events_an_hour: int = EVENTS_AN_HOUR
    ) -> None:
        self._follower = Follower(state, NAME, lanes=(Lane.DOMAIN,), limit=1000)
        self._clock = clock
        self._governance = governance
        self._events_an_hour = events_an_hour
        self._careful = False

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, handle=self.handle)

    async def step(self) -> int:
        """One transaction; returns the number of batches read."""
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        acts = [(batch.position >> 12, decode(line)) for batch in batches for line in batch.lines_with(_NEEDLES)]
        acts = [(act, event) for act, event in acts if not event.properties.get("loaded")]  # history is no news
        if not acts:
            return
        try:
            await self._tell(tx, acts)
        except Exception:
            self._careful = True
            raise
        self._careful = False

    async def _tell(self, tx: Tx, acts: Sequence[tuple[int, Event]]) -> None:
        seen: dict[Any, Any] = {}
        rooms = {event.object for _, event in acts if event.object_type == "channel"}
        bots = {app.bot_user for _, event in acts for app in await self._apps(tx, event, seen)}
        is_in = await conversations.members_among(tx, sorted(rooms), sorted(bots))
        told: list[_Told] = []
        for act, event in in_order(acts):
            if event.event == TOKEN_REVOKED:
                await sockets.revoke_tickets(tx, event.object)
                await notices.tell(tx, revoked=event.object)
            apps = await self._apps(tx, event, seen)
            inside = any((event.object, app.bot_user) in is_in for app in apps)
            told += await self._told(Telling(tx, self._governance, apps, act, seen), event, inside=inside)
        if told:
            others = {one.what.channel for one in told if one.what.channel} - rooms
            is_in |= await conversations.members_among(tx, sorted(others), sorted(bots)) if others else set()
            await self._queue(tx, told, is_in, seen)

    async def _told(self, telling: Telling, event: Event, *, inside: bool) -> list[_Told]:
        """What an event means; after a failure each is told apart, so that one that cannot be told stops no other."""
        if not self._careful:
            return await _told(telling, event, inside=inside)
        try:
            async with telling.tx.part():
                return await _told(telling, event, inside=inside)
        except psycopg.OperationalError:
            raise
        except Exception:
            log.exception("delivery.not_told", event_name=event.event, message_id=event.message_id)
            return []

    async def _apps(self, tx: Tx, event: Event, seen: dict[Any, Any]) -> Sequence[Installation]:
        """The apps of the event's workspace; one that was just taken away hears that it was."""
        tenant = Tenant(event.org, event.workspace)
        key = ("apps", event.workspace)
        if key not in seen:
            seen[key] = await installations(tx, self._governance, tenant)
        found: list[Installation] = seen[key]
        if event.event == UNINSTALLED and all(app.app != event.object for app in found):
            gone = await once_installed(tx, tenant, event.object)
            return [*found, gone] if gone else found
        return found

    async def _queue(
        self, tx: Tx, told: Sequence[_Told], is_in: set[tuple[str, str]], seen: dict[Any, Any]
    ) -> None:  # fmt: skip
        now = self._clock.now()
        wanted = [
            one for one in told
            if wants(one.app, one.what, (one.what.channel, one.app.bot_user) in is_in) and not _only_writes(one, seen)
        ]  # fmt: skip
        rows = [_row(one, seen) for one in wanted]
        if any(row.way == "http" for row in rows):
            rows = await self._within_limits(tx, wanted, rows, now)
        if rows:
            await deliveries.add(tx, rows, now)
            await notices.due(tx, {(row.app, row.way) for row in rows if row.state == "waiting"})

    async def _within_limits(self, tx: Tx, told: Sequence[_Told], rows: Sequence[New], now: datetime) -> list[New]:
        """The rows of apps with addresses: dropped where the address is not called, or over the hour's limit."""
        off = await hooks.disabled(tx, sorted({row.workspace for row in rows}))
        minute, made, before = int(now.timestamp()) // 60, list[New](), dict[tuple[str, str], int]()
        more: Counter[tuple[str, str]] = Counter()
        for one, row in zip(told, rows, strict=True):
            key = (row.app, row.workspace)
            if row.way == "socket":
                made.append(row)
            elif key in off:
                made.append(replace(row, state="dropped", why="disabled"))
            else:
                if key not in before:
                    before[key] = await hooks.told(tx, *key, minute)
                if before[key] + more[key] < self._events_an_hour:
                    more[key] += 1
                    made.append(row)
                else:
                    made += [replace(row, state="dropped", why="rate_limited"), _rate_limited(one.app, minute)]
        for (app, workspace), number in more.items():
            await hooks.count(tx, app, workspace, minute, number)
        return made


def in_order(acts: Sequence[tuple[int, Event]]) -> list[tuple[int, Event]]:
    """Messages of one channel in the order of their ts: a transaction may have begun before it came to its message."""
    ordered = list(acts)
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, (_, event) in enumerate(acts):
        if event.event == events.POSTED:
            places[event.workspace, event.object].append(place)
    for own in places.values():
        said = sorted((acts[place] for place in own), key=lambda act: str(act[1].properties["ts"]))
        for place, act in zip(own, said, strict=True):
            ordered[place] = act
    return ordered


async def _told(telling: Telling, event: Event, *, inside: bool) -> list[_Told]:
    """What an event means to every app; `inside` says that one of them is in the channel that it happened in."""
    if not telling.apps:
        return []
    tellers = [one for one in TELLERS[event.event] if inside or one not in INSIDE]
    found = [one for teller in tellers for one in await teller(telling, event)]
    return [
        _Told(event, app, one, event_id(app.app, event.message_id, number))
        for number, one in enumerate(found)
        for app in telling.apps
    ]


def _only_writes(one: _Told, seen: dict[Any, Any]) -> bool:
    """Whether it happened in a channel in which the app's side may only write, and sees nothing by programs."""
    place = seen.get(("place", one.event.workspace, one.what.channel))
    return place is not None and place.side.limited


def _row(one: _Told, seen: dict[Any, Any]) -> New:
    place = seen.get(("place", one.event.workspace, one.what.channel))
    external = place is not None and any(share.org != place.side.org for share in place.connected)
    body = wrapped(one.app, one.what, one.id, one.event.time, external=external)
    name = "" if place is None or place.private else f"#{place.name}"
    return New(
        str(uuid4()), one.app.app, one.event.org, one.app.workspace, "events_api", _way(one.app),
        summary(body, name or one.what.channel), msgspec.json.encode(body).decode(), one.id, one.what.channel,
    )  # fmt: skip


def _rate_limited(app: Installation, minute: int) -> New:
    """Told once for every minute in which something was dropped."""
    body = {
        "token": app.verification_token, "type": "app_rate_limited", "team_id": app.workspace,
        "minute_rate_limited": minute * 60, "api_app_id": app.app,
    }  # fmt: skip
    return New(
        str(uuid4()), app.app, app.org, app.workspace, "events_api", "http", "app_rate_limited",
        msgspec.json.encode(body).decode(), event_id(app.app, f"{app.workspace} limited", minute),
    )  # fmt: skip


def _way(app: Installation) -> Any:
    return "http" if app.events_url and not app.socket_mode else "socket"
