"""Ad servers' entrance: connected, asked when they are due, what they tell kept page by page with the cursor."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet, InvalidToken

from dure.feed.api import append
from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.pacing import events
from dure.pacing import store as item_store
from dure.pacing.api import Pacing
from dure.pacing.model import Figure, NewLineItem
from dure.pacing.plugs import AdServer, ForeignLine, Pull, Refused, ServerCall
from dure.pacing.sources import store
from dure.pacing.sources.model import Server
from dure.state import State, Tx

_AGAIN = timedelta(minutes=15)
_LEASE = timedelta(minutes=5)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
_PAGES_A_TICK = 20


class AdServers:
    """The ad servers of workspaces. `kinds` are those this installation can speak to."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, pacing: Pacing, kinds: Sequence[AdServer],
        signing_key: bytes = b"",
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._pacing = pacing
        self.kinds = {one.kind: one for one in kinds}
        key = blake2b(signing_key[:64], person=b"dure-pacing", digest_size=32).digest()
        self._box = Fernet(base64.urlsafe_b64encode(key))

    async def list(self, principal: Principal) -> list[Server]:
        access(principal, "pacing:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.every(tx, principal.tenant.workspace)

    async def add(
        self, principal: Principal, kind: str, name: str, settings: Mapping[str, str], secret: str = ""
    ) -> Server:
        """Connects an ad server; its first pull begins at once."""
        access(principal, "pacing:write")
        if kind not in self.kinds:
            raise Invalid(f"`kind` is one of {', '.join(sorted(self.kinds))}.", field="kind")
        if not 1 <= len(name.strip()) <= 80:
            raise Invalid("A name has 1 to 80 characters.", field="name")
        given = self._checked(kind, settings)
        now = self._clock.now()
        sealed = self._box.encrypt(secret.encode()) if secret else None
        made = Server(str(uuid7()), kind, name.strip(), given, sealed, {}, True, None, now, 0, "", now)
        async with self._state.begin(principal.tenant) as tx:
            if any(one.name == made.name for one in await store.every(tx, principal.tenant.workspace)):
                raise Conflict(f"An ad server is named {made.name!r} already.", field="name")
            await store.add(tx, principal.tenant.workspace, made)
            facts = {"ad_server": made.id, "name": made.name, "kind": kind}
            await append(tx, events.server_event(principal, events.SERVER_ADDED, now, made.id, facts))
        return made

    async def change(
        self, principal: Principal, server: str, *, settings: Mapping[str, str] | None = None,
        secret: str | None = None, enabled: bool | None = None, from_the_start: bool = False,
    ) -> Server:  # fmt: skip
        """Changes settings or the secret, switches it on or off, or has it fetched from the start; asked again now."""
        access(principal, "pacing:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            one = await self._known(tx, workspace, server)
            changed = replace(
                one,
                settings=self._checked(one.kind, settings) if settings is not None else one.settings,
                secret=self._box.encrypt(secret.encode()) if secret else one.secret,
                enabled=one.enabled if enabled is None else enabled,
                cursor={} if from_the_start else one.cursor, due_at=now, failures=0, error="",
            )  # fmt: skip
            await store.keep(tx, workspace, changed)
            given = (("settings", settings), ("secret", secret), ("enabled", enabled))
            what = [name for name, value in given if value is not None] + ["cursor"] * from_the_start
            facts = {"ad_server": one.id, "name": one.name, "kind": one.kind, "changed": what}
            await append(tx, events.server_event(principal, events.SERVER_CHANGED, now, one.id, facts))
        return changed

    async def remove(self, principal: Principal, server: str) -> None:
        """Lets go of an ad server. What it told stays."""
        access(principal, "pacing:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            one = await self._known(tx, workspace, server)
            await store.remove(tx, workspace, one.id)
            facts = {"ad_server": one.id, "name": one.name, "kind": one.kind}
            await append(tx, events.server_event(principal, events.SERVER_REMOVED, now, one.id, facts))

    async def tick(self) -> int:
        """Asks the server that is due longest, page by page; how many pages came."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            claimed = await store.claim(tx, now, now + _LEASE)
        if claimed is None:
            return 0
        workspace, server = claimed
        space = next((one for one in await self._governance.workspaces() if one.id == workspace), None)
        if space is None:
            return 0
        lease = now + _LEASE
        for pages in range(_PAGES_A_TICK):
            pull = await self._ask(space, server)
            if pull is None:
                return pages
            last = not pull.more or pull.wait > 0 or pages == _PAGES_A_TICK - 1
            later = _AGAIN if not pull.more else timedelta(seconds=pull.wait)
            until = None if last else self._clock.now() + _LEASE
            kept = await self._keep(space, server, pull, now + later, lease, until)
            if kept is None or last:
                # After so many pages the rest is for the next tick: one large server keeps no other waiting.
                return pages + 1
            server, lease = kept, until or lease
        return _PAGES_A_TICK

    async def _ask(self, space: Workspace, server: Server) -> Pull | None:
        now = self._clock.now()
        call = ServerCall(
            space.tenant, server.settings, self._opened(server), server.cursor, now,
            now.astimezone(ZoneInfo(space.timezone)).date(), space.timezone, space.currency,
        )  # fmt: skip
        kind = self.kinds.get(server.kind)
        try:
            if kind is None:
                raise Refused(f"This installation cannot speak to {server.kind}.")
            return await kind.pull(call)
        except (Refused, OSError, DureError) as error:
            # What goes wrong outside is a value: kept, shown, and asked again later and later.
            later = min(_FIRST_WAIT * 2 ** min(server.failures, 12), _LONGEST_WAIT)
            async with self._state.begin(space.tenant) as tx:
                await store.fail(tx, space.id, server.id, str(error) or type(error).__name__, now + later)
            return None

    async def _keep(
        self, space: Workspace, server: Server, pull: Pull, due_at: datetime, lease: datetime, until: datetime | None
    ) -> Server | None:
        """A page, its line items and figures and the cursor in one transaction. What Dure cannot book is passed over
        and said."""
        principal, now = self._governance.system(space.tenant, "pacing"), self._clock.now()
        async with self._state.begin(space.tenant) as tx:
            if not await store.hold(tx, space.id, server.id, lease):
                return None
            # What was passed over is shown until line items are told anew.
            passed = [server.error] if server.error and not server.failures and server.cursor and not pull.lines else []
            for line in pull.lines:
                try:
                    await self._line(tx, principal, space, server, line)
                except DureError as error:  # a rule of booking, found before anything was written
                    passed.append(f"{line.name} ({line.id}): {error.message}")
            ours = await self._ours(tx, space.id, server, sorted({one.line for one in pull.figures}))
            today = now.astimezone(ZoneInfo(space.timezone)).date()
            figures = [
                Figure(ours[one.line], one.day, one.impressions, one.clicks, one.spend, one.hour, one.views,
                       one.listens, server.name, pull.as_of)
                for one in pull.figures if one.line in ours and one.day <= today
            ]  # fmt: skip
            await self._pacing.record_in(tx, principal, figures, space.timezone)
            await store.advance(tx, space.id, server.id, pull.cursor, due_at, now, until, " · ".join(passed))
        return replace(server, cursor=pull.cursor, error=" · ".join(passed), failures=0)

    async def _line(self, tx: Tx, principal: Principal, space: Workspace, server: Server, line: ForeignLine) -> None:
        known = (await self._ours(tx, space.id, server, [line.id])).get(line.id)
        if known is not None:
            item = await item_store.item(tx, space.id, known)
            # Its goal and its dates are the ad server's to say; its name and budget may have been written here.
            wanted = {"goal": line.goal or None, "start_day": line.start_day, "end_day": line.end_day,
                      "state": line.state, "pacing": line.pacing if item and not item.custom_curve else None,
                      "priority": line.priority}  # fmt: skip
            await self._pacing.update_in(tx, principal, known, **wanted)
        elif line.goal > 0:
            await self._pacing.create_in(
                tx, principal,
                NewLineItem(
                    line.name[:160] or line.id, line.goal, line.start_day, line.end_day, line.budget, line.currency,
                    account_name=line.account_name, external=f"{server.name}:{line.id}", goal_unit=line.goal_unit,
                    pacing=line.pacing, priority=line.priority, creatives_wanted=0, source=server.name,
                ),
                space.currency,
            )  # fmt: skip

    async def _ours(self, tx: Tx, workspace: str, server: Server, lines: Sequence[str]) -> dict[str, str]:
        """Ids of line items by the server's own: known by it with the server's name before it, or by itself."""
        keys = [key for line in lines for key in (f"{server.name}:{line}", line)]
        found = await item_store.ids(tx, workspace, keys)
        return {
            line: item.id for line in lines
            if (item := found.get(f"{server.name}:{line}") or found.get(line)) is not None
        }  # fmt: skip

    async def _known(self, tx: Tx, workspace: str, server: str) -> Server:
        one = await store.one(tx, workspace, server)
        if one is None:
            raise NotFound("There is no such ad server.", field="ad_server")
        return one

    def _opened(self, server: Server) -> str:
        if server.secret is None:
            return ""
        try:
            return self._box.decrypt(bytes(server.secret)).decode()
        except InvalidToken as error:
            raise Conflict("The secret was sealed with another signing key; give it anew.") from error

    def _checked(self, kind: str, settings: Mapping[str, str]) -> dict[str, str]:
        known = {one.name: one for one in self.kinds[kind].settings if not one.secret}
        for name in settings:
            if name not in known:
                raise Invalid(f"{name!r} is none of {', '.join(known)}.", field=f"settings.{name}")
        for name, setting in known.items():
            if setting.required and not settings.get(name, "").strip():
                raise Invalid(f"`{name}` is needed.", field=f"settings.{name}")
        return {name: value.strip() for name, value in settings.items() if value.strip()}
