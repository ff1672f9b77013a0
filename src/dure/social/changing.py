"""What the networks change later: an edit is read again in its place, what was taken back is emptied. Neither is ever
routed or told anew. The caller appends the events that these return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.social import arriving, beside, copies, events, recent, rules, store
from dure.social.listening import labels
from dure.social.model import Mention
from dure.state import Tx

_SAID = ("text", "title", "rating", "url", "author")


async def edit(
    tx: Tx, principal: Principal, now: datetime, changed: Sequence[tuple[UUID, arriving.Read]]
) -> list[Event]:
    """Rewrites mentions; *Mention Edited* says which fields changed, and how it was read before where it reads
    otherwise now."""
    if not changed:
        return []
    workspace, told, said = principal.tenant.workspace, [], []
    stored = await store.of_ids(tx, workspace, [mention for mention, _ in changed])
    others = {one.original for one in stored.values() if one.original != one.id}
    originals = await store.of_ids(tx, workspace, sorted(others)) if others else {}
    for mention, one in changed:
        before = stored[mention]
        kept = arriving.edited(before, one, now)
        original = originals.get(before.original)
        if original is not None and not copies.are_copies(one.shingles, copies.shingles(original.text)):
            kept = replace(kept, original=kept.id)
            await store.count_copies(tx, workspace, {original.id: -1})
        [kept] = await labels.labelled(tx, workspace, [kept])
        await store.rewrite(tx, workspace, kept, rules.voice_of(one.given))
        if kept.original == kept.id:
            said.append((kept.id, kept.posted_at, one.signature))
        facts: dict[str, Any] = {"changed": [name for name in _SAID if getattr(before, name) != getattr(kept, name)]}
        if was := _otherwise(before, kept):
            facts["before"] = was
        told.append(events.mention_event(principal, events.MENTION_EDITED, now, now, kept, facts))
    await recent.remember(tx, workspace, now, recent.rows_of(said))
    return told


async def take_back(tx: Tx, principal: Principal, now: datetime, gone: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Empties mentions that their networks took back, with every payload that holds them and every example of a
    spike that shows them. A copy that somebody else made stands for the others from then on."""
    if not gone:
        return []
    workspace, ids = principal.tenant.workspace, [row["id"] for row in gone]
    stored = await store.of_ids(tx, workspace, ids)
    fewer = Counter(one.original for one in stored.values() if one.original not in stored)
    await store.count_copies(tx, workspace, {original: -count for original, count in fewer.items()})
    await store.empty(tx, workspace, ids, now)
    heirs = [await store.inherit(tx, workspace, one.id) for one in stored.values() if one.copies]
    standing = await store.originals(tx, workspace, [heir for heir in heirs if heir])
    await recent.remember_texts(tx, workspace, now, [(row["id"], row["posted_at"], row["text"]) for row in standing])
    await store.forget_examples(tx, workspace, ids)
    await beside.forget(tx, workspace, ids)
    await store.forget_payloads(tx, workspace, [row["external"] for row in gone])
    emptied = (
        replace(
            one, text="", title="", url="", author="", handle="", email="", reach=0, entities=(), person=None,
            account="", copies=0, original=one.id, deleted_at=now, version=one.version + 1,
        )
        for one in stored.values()
    )  # fmt: skip
    return [events.mention_event(principal, events.MENTION_DELETED, now, now, one, {}) for one in emptied]


def _otherwise(before: Mention, after: Mention) -> dict[str, Any]:
    """How it was read before, where that differs."""
    was, now = asdict(before), asdict(after)
    names = ("language", "intent", "topic", "sentiment")
    return {name: was[name] for name in names if was[name] != now[name]}
