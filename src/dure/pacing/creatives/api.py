"""Creatives' entrance: awaited, received and checked, approved or rejected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.pacing import events, store
from dure.pacing.creatives import store as kept
from dure.pacing.creatives.check import check, sentences
from dure.pacing.creatives.model import STATUSES, Creative, CreativeStatus, Delivery, Spec
from dure.pacing.model import LineItem
from dure.state import State, Tx

_KIND = re.compile("[a-z][a-z0-9_]{0,39}")
_LARGEST = 10**12


class Creatives:
    """The creatives of line items. `…_in` does the same within the caller's transaction."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def of(self, principal: Principal, item_id: str) -> list[Creative]:
        access(principal, "pacing:read")
        async with self._state.begin(principal.tenant) as tx:
            item = await _item(tx, principal, item_id)
            return (await kept.of_items(tx, principal.tenant.workspace, [item.id])).get(item.id, [])

    async def add(
        self, principal: Principal, item_id: str, name: str, kind: str, *, due: date | None = None,
        given: Delivery | None = None,
    ) -> Creative:  # fmt: skip
        """A creative that is awaited until `due`; with `given` it is received and checked at once."""
        access(principal, "pacing:write")
        if not 1 <= len(name.strip()) <= 160:
            raise Invalid("A name has 1 to 160 characters.", field="name")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            item = await _item(tx, principal, item_id)
            if kind not in await kept.specs(tx, workspace):
                raise Invalid(f"There are no rules for creatives of the kind {kind!r}.", field="kind")
            made = Creative(
                str(uuid7()), item.id, name.strip(), kind, "missing", "", (), due, None, None, None, None, "", "", "",
                "", None, now, now,
            )  # fmt: skip
            if given is not None:
                return await self._receive(tx, principal, item, made, given)
            await kept.keep(tx, workspace, [made])
            await store.ask(tx, workspace, now)
            await append(tx, events.creative_event(principal, events.CREATIVE_AWAITED, now, item, made, {}))
        return made

    async def receive(self, principal: Principal, creative: str, given: Delivery) -> Creative:
        """What was handed in, checked against its kind's rules: accepted for a person's look, or held with reasons."""
        access(principal, "pacing:write")
        async with self._state.begin(principal.tenant) as tx:
            item, one = await self._locked(tx, principal, creative)
            return await self._receive(tx, principal, item, one, given)

    async def decide(self, principal: Principal, creative: str, status: CreativeStatus, reason: str = "") -> Creative:
        """Approves, rejects (with a reason), or sets back to checking or missing."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.decide_in(tx, principal, creative, status, reason)

    async def decide_in(
        self, tx: Tx, principal: Principal, creative: str, status: CreativeStatus, reason: str = ""
    ) -> Creative:
        access(principal, "pacing:write")
        if status not in STATUSES:
            raise Invalid(f"`status` is one of {', '.join(STATUSES)}.", field="status")
        if status == "received":
            raise Invalid("A creative becomes received by what is handed in for it.", field="status")
        item, one = await self._locked(tx, principal, creative)
        # What its kind's rules say against it is why, in codes that each reads in their own language.
        if status == "rejected" and not (0 if one.reasons else 1) <= len(reason.strip()) <= 500:
            raise Invalid("Whoever rejects a creative says why, in 500 characters at most.", field="reason")
        if status in ("approved", "live") and one.status == "missing":
            raise Conflict("The creative is not here yet.", field="status")
        if status in ("approved", "live") and one.reasons:
            _, why = sentences(list(one.reasons))
            raise Conflict(f"The creative is held: {why}.", field="status", data={"reasons": list(one.reasons)})
        if one.status == status:
            return one
        now, workspace = self._clock.now(), principal.tenant.workspace
        changed = replace(one, status=status, reason=reason.strip() if status == "rejected" else "", changed_at=now)
        await kept.keep(tx, workspace, [changed])
        await store.ask(tx, workspace, now)
        name = {"approved": events.CREATIVE_APPROVED, "rejected": events.CREATIVE_REJECTED}.get(
            status, events.CREATIVE_CHANGED
        )
        await append(tx, events.creative_event(principal, name, now, item, changed, {}))
        return changed

    async def specs(self, principal: Principal) -> dict[str, Spec]:
        access(principal, "pacing:read")
        async with self._state.begin(principal.tenant) as tx:
            return await kept.specs(tx, principal.tenant.workspace)

    async def set_spec(self, principal: Principal, kind: str, body: Mapping[str, Any]) -> Spec:
        """The workspace's own rules for a kind of creatives, new or known."""
        access(principal, "pacing:write")
        if not _KIND.fullmatch(kind):
            raise Invalid("A kind has small letters, digits and _, 40 at most.", field="kind")
        try:
            spec = msgspec.convert(dict(body), Spec)
        except msgspec.ValidationError as error:
            raise Invalid(f"{error}.", field="spec") from error
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await kept.keep_spec(tx, principal.tenant.workspace, kind, spec, now)
            await append(tx, events.spec_event(principal, now, kind, msgspec.to_builtins(spec)))
        return spec

    async def _receive(self, tx: Tx, principal: Principal, item: LineItem, one: Creative, given: Delivery) -> Creative:
        for name in ("width", "height", "bytes", "seconds"):
            if not 0 <= (getattr(given, name) or 0) <= _LARGEST:
                raise Invalid(f"`{name}` is a number above 0.", field=name)
        for name in ("file_type", "url", "ad_id", "disclosure"):
            if len(getattr(given, name)) > 2000:
                raise Invalid(f"`{name}` has 2,000 characters at most.", field=name)
        now, workspace = self._clock.now(), principal.tenant.workspace
        reasons = check((await kept.specs(tx, workspace))[one.kind], given)
        received = replace(
            one, status="received" if reasons else "checking", reasons=tuple(reasons), reason="", received_at=now,
            changed_at=now, **{name: getattr(given, name) for name in Delivery.__slots__},
        )  # fmt: skip
        await kept.keep(tx, workspace, [received])
        await store.ask(tx, workspace, now)
        ko, en = sentences(reasons)
        found = {"ok": not reasons, "reasons": reasons, "reasons_ko": ko, "reasons_en": en}
        await append(
            tx,
            events.creative_event(principal, events.CREATIVE_RECEIVED, now, item, received, {}),
            events.creative_event(principal, events.CREATIVE_CHECKED, now, item, received, found),
        )
        return received

    async def _locked(self, tx: Tx, principal: Principal, creative: str) -> tuple[LineItem, Creative]:
        one = await kept.one(tx, principal.tenant.workspace, creative)
        if one is None:
            raise NotFound("There is no such creative.", field="creative")
        return await _item(tx, principal, one.line_item), one


async def _item(tx: Tx, principal: Principal, item_id: str) -> LineItem:
    found = (await store.ids(tx, principal.tenant.workspace, [item_id])).get(item_id)
    if found is None:
        raise NotFound("There is no such line item.", field="line_item")
    return found
