"""The Events API over HTTP: what is due for apps with an address is called out to them, a channel's events in turn."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from dure.channels.apps.model import Installation
from dure.channels.apps.store import installations
from dure.channels.delivery import notices
from dure.channels.delivery.calling import JSON, Calling, Outcome
from dure.channels.delivery.events import disabled_event
from dure.channels.delivery.model import Sent
from dure.channels.delivery.rules import ACK, FAILING, FAILURES
from dure.channels.store import deliveries, hooks
from dure.feed.api import append
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State

# What one process takes for an app at a time; all of them may be of one channel and each may take three seconds.
_A_CLAIM = 8
LEASE = ACK * (_A_CLAIM + 2)


class Addresses:
    """The callers of one process: for each app at most one lot at a time."""

    def __init__(self, state: State, clock: Clock, governance: Governance, calling: Calling) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._calling = calling
        self._rung: set[str] = set()
        self._ring = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}

    def ring(self, apps: Sequence[str]) -> None:
        self._rung.update(apps)
        self._ring.set()

    async def give(self) -> None:
        """Calls until cancelled, woken by `ring`."""
        try:
            while True:
                await self._ring.wait()
                self._ring.clear()
                for app in sorted(self._rung - self._busy.keys()):
                    self._rung.discard(app)
                    self._busy[app] = task = asyncio.create_task(self.send_due(app))
                    task.add_done_callback(lambda done, app=app: self._done(app, done))  # type: ignore[misc]
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _done(self, app: str, task: asyncio.Task[None]) -> None:
        self._busy.pop(app, None)
        if self._rung:
            self._ring.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            notices.log.error("delivery.call_failed", app=app, error=repr(error))

    async def send_due(self, app: str) -> None:
        """Everything that is due for an app."""
        while True:
            async with self._state.begin_system() as tx:
                await deliveries.take_turns(tx, app)
                claimed = await deliveries.claim(tx, app, "http", self._clock.now(), _A_CLAIM, lease=LEASE)
                installed = {}
                for tenant in {Tenant(sent.org, sent.workspace) for sent in claimed}:
                    apps = await installations(tx, self._governance, tenant)
                    installed[tenant.workspace] = next((one for one in apps if one.app == app), None)
                off = await hooks.disabled(tx, [*installed]) if installed else set()
            if not claimed:
                return
            lanes: dict[str, list[Sent]] = defaultdict(list)
            for sent in claimed:
                lanes[sent.channel or sent.envelope].append(sent)
            found = {ws: None if (app, ws) in off else one for ws, one in installed.items()}
            await asyncio.gather(*(self._lane(own, found) for own in lanes.values()))

    async def _lane(self, lane: Sequence[Sent], installed: dict[str, Installation | None]) -> None:
        for sent in lane:
            await self._send(sent, installed[sent.workspace])

    async def _send(self, sent: Sent, app: Installation | None) -> None:
        if app is None or not app.events_url:
            outcome = Outcome("disabled", last=True)
        else:
            again = {"X-Slack-Retry-Num": str(sent.attempts - 1), "X-Slack-Retry-Reason": sent.why}
            outcome = await self._calling.call(
                app, app.events_url, sent.body.encode(), JSON, again if sent.attempts > 1 else None
            )
        now, tenant = self._clock.now(), Tenant(sent.org, sent.workspace)
        async with self._state.begin(tenant) as tx:
            if not outcome.why:
                await deliveries.acknowledge(tx, sent.app, [(sent.envelope, None)], now)
                await hooks.well(tx, sent.app, sent.workspace)
                return
            await deliveries.missed(tx, [(sent.id, sent.attempts)], outcome.why, now, last=outcome.last)
            if outcome.why == "disabled" or not await hooks.failed(
                tx, sent.app, sent.workspace, now, FAILURES, FAILING
            ):
                return
            system = self._governance.system(tenant, "delivery")
            await append(tx, disabled_event(system, self._clock, sent.app, outcome.why))
