"""Becoming's entrance. What it became lies with its own slice; here stands that it did, and where."""

from __future__ import annotations

import uuid
from typing import Any

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.social import events
from dure.social import store as mentions
from dure.social.becoming import store
from dure.state import State

BECAME = "Mention Became"
KINDS = ("task", "activity", "segment", "idea")


class Becoming:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def note(
        self, principal: Principal, mention: uuid.UUID, what: str, ref: str, title: str, path: str
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Notes that a mention became something: its id where it lies (`ref`), what it is called, and the screen that
        shows it. The same again changes nothing."""
        access(principal, "social:write")
        if what not in KINDS:
            raise Invalid(f"`what` is one of {', '.join(KINDS)}.", field="what")
        if not 1 <= len(ref) <= 200:
            raise Invalid("`ref` is the id of what it became.", field="ref")
        if not path.startswith("/") or path.startswith("//") or len(path) > 500:
            raise Invalid("`path` is an address within Dure, such as /deals/….", field="path")
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found = await mentions.mention(tx, workspace, mention, lock=True)
            if found is None:
                raise NotFound("There is no such mention.")
            title = title[:200]
            if await store.add(tx, workspace, uuid7(), mention, what, ref, title, path, now, principal.actor):
                more = {"what": what, "ref": ref, "became_title": title, "became_path": path}
                await append(tx, events.mention_event(principal, BECAME, now, now, found, more))
            return await store.of(tx, workspace, mention)

    async def of(self, principal: Principal, mention: uuid.UUID) -> list[dict[str, Any]]:
        """What a mention became, the newest first."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.of(tx, principal.tenant.workspace, mention)
