"""What the networks change later: an edit is read again in its place, and routed anew where no person said where it
belongs; what was taken back is emptied. The caller appends the events that these return."""

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
from dure.social.routing import cards
from dure.social.routing import events as routing_events
from dure.social.routing import store as routing_store
from dure.social.routing.model import Decided, Decision
from dure.social.routing.router import Router
from dure.state import Tx

_SAID = ("text", "title", "rating", "url", "author")


async def edit(
    tx: Tx, principal: Principal, now: datetime, changed: Sequence[tuple[UUID, arriving.Read]], router: Router,
    loaded: bool = False,
) -> list[Event]:  # fmt: skip
    """Rewrites mentions; *Mention Edited* says which fields changed, and how it was read before where it reads
    otherwise now. Where nobody but the router said whose it is, the router says it anew."""
    if not changed:
        return []
    workspace, told, said = principal.tenant.workspace, list[Event](), []
    stored = await store.of_ids(tx, workspace, [mention for mention, _ in changed])
    others = {one.original for one in stored.values() if one.original != one.id}
    originals = await store.of_ids(tx, workspace, sorted(others)) if others else {}
    kept = []
    for mention, one in changed:
        before = stored[mention]
        now_is = arriving.edited(before, one, now)
        original = originals.get(before.original)
        if original is not None and not copies.are_copies(one.shingles, copies.shingles(original.text)):
            now_is = replace(now_is, original=now_is.id)
            await store.count_copies(tx, workspace, {original.id: -1})
        kept.append(now_is)
    kept, decisions = await _routed_anew(tx, workspace, stored, await labels.labelled(tx, workspace, kept), router)
    await routing_store.note(tx, workspace, now, [(one, now, decision) for one, decision in decisions.items()])
    fresh, stale = [], []
    for after, (_, one) in zip(kept, changed, strict=True):
        before = stored[after.id]
        await store.rewrite(tx, workspace, after, rules.voice_of(one.given))
        if after.original == after.id and not after.own:
            said.append((after.id, after.posted_at, one.signature))
        facts: dict[str, Any] = {"changed": [name for name in _SAID if getattr(before, name) != getattr(after, name)]}
        if was := _otherwise(before, after):
            facts["before"] = was
        told.append(events.mention_event(principal, events.MENTION_EDITED, now, now, after, facts))
        moved = (before.function, before.channel) != (after.function, after.channel)
        if moved and after.function:
            more = {**routing_events.why(decisions[after.id]), "from": before.function, "from_channel": before.channel}
            told.append(events.mention_event(principal, events.MENTION_ROUTED, now, now, after, more))
            fresh.append((after, decisions[after.id].also))
        if before.function:
            stale.append(before)
    if not loaded:  # a past that is brought in is shown to nobody
        told += routing_events.together(principal, now, fresh, router.setup.settings)
        told += routing_events.outdated(principal, now, stale)
    await recent.remember(tx, workspace, now, recent.rows_of(said))
    return told


async def _routed_anew(
    tx: Tx, workspace: str, stored: Mapping[UUID, Mention], kept: Sequence[Mention], router: Router
) -> tuple[list[Mention], dict[UUID, Decision]]:
    """The mentions where the router wants them now, and its decisions; those that are a person's word stay."""
    said = await routing_store.decisions(tx, workspace, [one.id for one in kept])
    open_ = [one for one in kept if _is_the_router_s(stored[one.id], one, said.get(one.id))]
    settled, decisions = router.assign([replace(one, state="new", function="", channel="") for one in open_])
    anew = {one.id: one for one in settled}
    return [anew.get(one.id, one) for one in kept], {
        one.id: decision for one, decision in zip(settled, decisions, strict=True)
    }


def _is_the_router_s(before: Mention, after: Mention, decided: Decided | None) -> bool:
    """Whether no person and no automation said where it belongs. Near copies go where their first goes, and what the
    company wrote belongs nowhere."""
    if after.own or after.state == "done" or after.original != after.id:
        return False
    if decided is None:
        return after.state == "new" or before.original != before.id
    return not decided.verdict and decided.function == after.function


async def take_back(tx: Tx, principal: Principal, now: datetime, gone: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Empties mentions that their networks took back, with every payload that holds them and every example of a
    spike that shows them; `withdrawing` does the same with the log. A copy that somebody else made stands for the
    others from then on."""
    if not gone:
        return []
    workspace, ids = principal.tenant.workspace, [row["id"] for row in gone]
    stored = await store.of_ids(tx, workspace, ids)
    fewer = Counter(one.original for one in stored.values() if one.original not in stored)
    await store.count_copies(tx, workspace, {original: -count for original, count in fewer.items()})
    await store.empty(tx, workspace, ids, now)
    heirs = [await store.inherit(tx, workspace, one.id) for one in stored.values() if one.copies]
    await recent.remember_heirs(tx, workspace, now, heirs)
    await store.forget_examples(tx, workspace, ids)
    said = [(one.id, cards.begins(one) if one.function else "") for one in stored.values()]
    await store.note_taken_back(tx, principal.tenant, now, said)
    await beside.forget(tx, workspace, ids)
    await store.forget_payloads(tx, workspace, [row["external"] for row in gone])
    emptied = (
        replace(
            one, text="", title="", url="", author="", handle="", email="", reach=0, entities=(), person=None,
            account="", copies=0, original=one.id, deleted_at=now, version=one.version + 1,
        )
        for one in stored.values()
    )  # fmt: skip
    told = [events.mention_event(principal, events.MENTION_DELETED, now, now, one, {}) for one in emptied]
    return [*told, *routing_events.withdrawn(principal, now, [one for one in stored.values() if one.function])]


def _otherwise(before: Mention, after: Mention) -> dict[str, Any]:
    """How it was read before, where that differs."""
    was, now = asdict(before), asdict(after)
    names = ("language", "intent", "topic", "sentiment")
    return {name: was[name] for name in names if was[name] != now[name]}
