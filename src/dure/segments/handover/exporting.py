"""A handover's list on its way out: as a file, to a webhook, or into a storage. Never the control."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from dure.automation.plugs import Outgoing
from dure.exports.api import Exports
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound, Unavailable
from dure.kernel.ids import uuid7
from dure.people.api import People
from dure.segments import events
from dure.segments import store as segment_store
from dure.segments.handover import files, handing, store
from dure.segments.handover.model import Export, Form, Kind, Row
from dure.segments.model import Handover
from dure.segments.plugs import Consents
from dure.state import State, Tx

_A_PAGE = 5_000
_A_CALL = 1_000
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to send where. `place` is a webhook's address or the id of an export target; `country` the calling code of
    phone numbers that name none."""

    kind: Kind
    form: Form = "contract"
    place: str = ""
    country: str = "82"

    def check(self) -> None:
        if self.kind == "webhook":
            at = urlsplit(self.place)
            if at.scheme not in ("http", "https") or not at.hostname or at.username:
                raise Invalid("`place` is an http or https address.", field="place")
            if self.form != "contract":
                raise Invalid("A webhook gets the contract; the lists of Google and Meta are files.", field="form")
        if self.kind == "s3" and not self.place:
            raise Invalid("`place` is the id of an export target.", field="place")
        if not (self.country.isdigit() and 1 <= len(self.country) <= 3):
            raise Invalid("`country` is a calling code such as 82.", field="country")


class Exporting:
    """Sends lists out. What is sent is noted before the first byte leaves; consent is asked again at that moment."""

    def __init__(
        self, state: State, clock: Clock, people: People, outgoing: Outgoing, exports: Exports,
        consents: Consents | None,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._people = people
        self._outgoing = outgoing
        self._exports = exports
        self._consents = consents

    async def export(self, principal: Principal, id: str, wanted: Wanted) -> tuple[Export, bytes]:
        """Sends the treated of a handover; the content too, where it is a file to take along. What goes wrong outside
        is in the answer."""
        access(principal, "people:export")
        wanted.check()
        now, workspace = self._clock.now(), principal.tenant.workspace
        made = Export(
            str(uuid7()), id, wanted.kind, wanted.form, _told_place(wanted), "sending", principal.actor, now
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            handover = await _open(tx, workspace, id, now)
            await store.begin_export(tx, workspace, made)
            await self._tell(tx, principal, now, events.EXPORT_BEGUN, handover, made)
            rows, refused = await self._rows(tx, principal, id)
        columns, records, nameless = files.records(wanted.form, handover, rows, wanted.country, now)
        content = files.as_csv(columns, records)
        made = replace(
            made, people=len(records), without_consent=refused, without_address=nameless,
            sha256=sha256(content).hexdigest(),
        )  # fmt: skip
        made = await self._send(principal, handover, wanted, made, content, records)
        async with self._state.begin(principal.tenant) as tx:
            await store.end_export(tx, workspace, made)
            await self._tell(tx, principal, self._clock.now(), events.EXPORTED, handover, made)
        return made, content if wanted.kind == "csv" else b""

    async def exports(self, principal: Principal, id: str) -> list[Export]:
        """What was sent of a handover, newest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.exports(tx, principal.tenant.workspace, id)

    async def _rows(self, tx: Tx, principal: Principal, id: str) -> tuple[list[Row], int]:
        """Everybody treated who is still willing, and how many are not."""
        rows: list[Row] = []
        refused = 0
        after: UUID | None = None
        while True:
            page = await store.listings(tx, principal.tenant.workspace, id, False, after, _A_PAGE)
            people = [one.person for one in page]
            unwilling = await handing.asked(tx, principal, people, self._consents)
            known = await self._people.known(tx, principal.tenant, [one for one in people if one not in unwilling])
            refused += len(unwilling)
            for one in page:
                if one.person in unwilling:
                    continue
                who = known.get(one.person)
                traits: Mapping[str, Any] = who.traits if who else {}
                rows.append(
                    Row(
                        one.person, who.distinct_ids[0] if who and who.distinct_ids else "",
                        str(traits.get("email") or ""), str(traits.get("phone") or ""), one.decile,
                        [f"{why['feature']}{'+' if why['push'] > 0 else '-'}" for why in one.reasons],
                    )
                )  # fmt: skip
            if len(page) < _A_PAGE:
                return rows, refused
            after = page[-1].person

    async def _send(
        self, principal: Principal, handover: Handover, wanted: Wanted, made: Export, content: bytes,
        records: Sequence[Mapping[str, Any]],
    ) -> Export:  # fmt: skip
        if wanted.kind == "csv":
            return replace(made, state="done")
        try:
            if wanted.kind == "s3":
                await self._exports.put(principal, wanted.place, f"handovers/{handover.id}/{made.id}.csv", content)
                return replace(made, state="done")
            await self._call(principal, handover, wanted.place, made, records)
        except TimeoutError:
            return replace(made, state="unknown", said="No answer came; it may have arrived.")
        except (DureError, OSError) as error:
            return replace(made, state="failed", said=str(getattr(error, "message", "") or error)[:500])
        return replace(made, state="done")

    async def _call(
        self, principal: Principal, handover: Handover, url: str, made: Export, records: Sequence[Mapping[str, Any]]
    ) -> None:
        """A thousand people a call, in order, each call with a key of its own."""
        parts = max(1, -(-len(records) // _A_CALL))
        for number in range(parts):
            body = {
                "handover": handover.id, "export": made.id, "purpose": handover.purpose, "part": number + 1,
                "parts": parts, "people": records[number * _A_CALL : (number + 1) * _A_CALL],
            }  # fmt: skip
            headers = {"content-type": "application/json", "idempotency-key": f"{made.id}:{number + 1}"}
            answer = await self._outgoing.send(
                principal.tenant, "POST", url, headers, json.dumps(body).encode(), _SECONDS
            )
            if not 200 <= answer.status < 300:
                raise Unavailable(f"The address answered {answer.status} to part {number + 1} of {parts}.")

    async def _tell(
        self, tx: Tx, principal: Principal, now: datetime, name: str, handover: Handover, made: Export
    ) -> None:
        segment = await segment_store.segment(tx, principal.tenant.workspace, handover.segment)
        if segment is None:
            raise NotFound("There is no such segment.")
        told = {
            "handover": handover.id, "export": made.id, "kind": made.kind, "form": made.form, "place": made.place,
            "state": made.state, "people": made.people, "without_consent": made.without_consent,
            "without_address": made.without_address, "sha256": made.sha256, "said": made.said,
        }  # fmt: skip
        await append(tx, events.segment_event(principal, now, name, segment, told))


async def _open(tx: Tx, workspace: str, id: str, now: datetime) -> Handover:
    found = await store.handover(tx, workspace, id)
    if found is None:
        raise NotFound("There is no such handover.", field="handover")
    if not found.is_open(now):
        raise Conflict("This handover has ended; its lists are closed.")
    return found


def _told_place(wanted: Wanted) -> str:
    """A webhook's address without what may be a secret in it."""
    if wanted.kind != "webhook":
        return wanted.place
    at = urlsplit(wanted.place)
    return f"{at.scheme}://{at.hostname}{':' + str(at.port) if at.port else ''}/…"
