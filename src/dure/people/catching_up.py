"""After a restore: erasures that the ledger knows and the state does not are done again before the doors open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import structlog

from dure.feed.api import tail
from dure.feed.model import Lane
from dure.kernel.whom import Whom
from dure.log.api import distinct_ids
from dure.people import erasure_store as store
from dure.people.erasing import Erasing
from dure.people.erasure_model import Erasure
from dure.people.ledger import Entry

log = structlog.get_logger("people")


class _Line(msgspec.Struct):
    distinct_id: str = ""
    properties: dict[str, Any] = {}


_read = msgspec.json.Decoder(_Line).decode


async def catch_up(erasing: Erasing) -> int:
    """Runs what is missing; returns how many erasures that were. Nothing else may be at work on the databases."""
    await _look_at_the_key(erasing)
    entries = erasing.ledger.entries()
    if entries:
        async with erasing.state.begin_system() as tx:
            states = await store.states(tx, [entry.id for entry in entries])
        missing = [entry for entry in entries if states.get(entry.id) not in ("running", "done", "incomplete")]
        for workspace in sorted({entry.workspace for entry in missing}):
            await _begin_again(erasing, [entry for entry in missing if entry.workspace == workspace])
        if missing:
            log.warning("people.erasures_again", erasures=len(missing))
    return await erasing.work()


async def _begin_again(erasing: Erasing, entries: Sequence[Entry]) -> None:
    """Finds by their hashes the ids that were erased, and begins those erasures anew."""
    wanted = {sealed: entry for entry in entries for sealed in entry.hashes}
    found: dict[Entry, list[str]] = {}
    for one in await _every_id(erasing, entries[0]):
        entry = wanted.get(erasing.ledger.seal(entries[0].workspace, one))
        if entry is not None:
            found.setdefault(entry, []).append(one)
    for entry in entries:
        ids = found.get(entry, [])
        again = Erasure(
            entry.workspace, entry.id, entry.org, "running", entry.reason, entry.by, entry.at, entry.at, entry.at,
            hashes=tuple(entry.hashes), key_mark=erasing.ledger.seal.mark,
        )  # fmt: skip
        async with erasing.state.begin(entry.tenant) as tx:
            await store.add(tx, again, None, Whom(entry.tenant).wider(ids=ids))


async def _every_id(erasing: Erasing, entry: Entry) -> set[str]:
    """Every distinct id that state, log and feed hold of a workspace."""
    found = set(await distinct_ids(erasing.log, entry.tenant))
    async with erasing.state.begin(entry.tenant) as tx:
        found |= await store.known_ids(tx, entry.workspace)
    after = 0
    while True:
        async with erasing.state.begin_system() as tx:
            batches = await tail(tx, after, (Lane.DOMAIN, Lane.OUTSIDE))
        if not batches:
            return found
        after = batches[-1].position
        for batch in batches:
            if batch.workspace == entry.workspace:
                for line in map(_read, batch.body.split(b"\n")):
                    found.add(line.distinct_id)
                    more = (line.properties.get(name) for name in ("anonymous_id", "previous_id"))
                    found |= {one for one in more if isinstance(one, str)}


async def _look_at_the_key(erasing: Erasing) -> None:
    async with erasing.state.begin_system() as tx:
        marks = await store.key_marks(tx)
    if marks - {erasing.ledger.seal.mark}:
        log.error(
            "people.other_erasure_key",
            hint="Erasures were written under another key: addresses erased then are not known again. Give the ledger"
            " they were written with as erasure_ledger, or its key as erasure_key.",
        )
