"""Mentions taken into conversations: which open one, which continue one, what of it the company said itself."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.governance.api import Principal
from dure.kernel.ids import uuid7
from dure.social import own
from dure.social import store as mentions
from dure.social.care import events, rules, store
from dure.social.care.model import Conversation, Entry, EntryKind
from dure.social.care.plugs import Clocks
from dure.social.care.turn import Turn, keep
from dure.social.model import Mention
from dure.state import Tx

_SO_FAR = 100  # what was said in a thread before somebody asked
Key = tuple[uuid.UUID | None, str, str]


async def take(
    tx: Tx, principal: Principal, found: Sequence[Mention], wanted: Collection[uuid.UUID], now: datetime,
    clocks: Clocks | None, *, by_hand: bool = False,
) -> list[Conversation]:  # fmt: skip
    """Puts mentions into their conversations, in the order they were posted; `wanted` are care's. The same again
    changes nothing. Returns the conversations that changed. `by_hand`: a person opens it, whatever it is."""
    workspace = principal.tenant.workspace
    places = await _places(tx, workspace, found)
    talks = {one.id: one for one in await store.several(tx, workspace, sorted(set(places.values())), lock=True)}
    # Asked once the conversations are held: what another transaction took in meanwhile stands there now.
    standing = await store.standing(tx, workspace, [one.id for one in found])
    fresh = sorted((one for one in found if one.id not in standing), key=lambda one: (one.posted_at, str(one.id)))
    if not fresh:
        return []
    company = await own.of(tx, workspace, [(one.source, one.external) for one in fresh])
    turns: dict[uuid.UUID, Turn] = {}
    opened: dict[Key, uuid.UUID] = {}  # by thread, and by the network's id of what was just taken in
    for one in fresh:
        key = key_of(one)
        at = places.get(one.id) or opened.get(key) or opened.get((one.source, one.network, one.parent))
        if at is None and not _ours(company, one) and (by_hand or rules.opens(one, wanted=one.id in wanted)):
            turn = await _opened(tx, principal, one, now, company, by_hand=by_hand)
            if turn is not None:
                turns[turn.talk.id] = turn
                opened[key] = opened[one.source, one.network, one.external] = turn.talk.id
                continue
            # Somebody opened the same this very moment: it joins that, unless it stands there already.
            at = (await store.of_threads(tx, workspace, [key]))[key]
            talks[at] = (await store.several(tx, workspace, [at], lock=True))[0]
            opened[key] = at
            if await store.standing(tx, workspace, [one.id]):
                continue
        if at is None:
            continue
        opened[one.source, one.network, one.external] = at
        turn = turns.get(at) or Turn(principal, talks[at], talks[at], now, "customer")
        if _ours(company, one):
            if one.external not in company.said:
                _elsewhere(turn, one)
        elif by_hand or rules.joins(one, turn.talk, wanted=one.id in wanted):
            _continued(turn, one)
        turns[at] = turn
    await keep(tx, list(turns.values()), clocks)
    return [turn.talk for turn in turns.values() if turn.changed]


def _ours(company: own.Own, one: Mention) -> bool:
    """Whether the company wrote it; a name may have been called ours after it came."""
    return one.own or company.wrote(one, one.external, one.source)


def key_of(one: Mention) -> Key:
    return one.source, one.network, rules.thread_of(one)


async def _places(tx: Tx, workspace: str, found: Sequence[Mention]) -> dict[uuid.UUID, uuid.UUID]:
    """The conversations that mentions belong to: by their thread, else by what they answer. Not every network says
    what began a talk, but an answer always names the post before it."""
    threads = await store.of_threads(tx, workspace, sorted({key_of(one) for one in found}, key=str))
    parents = [(one.source, one.network, one.parent) for one in found if one.parent]
    answered = await store.of_externals(tx, workspace, parents) if parents else {}
    made = {}
    for one in found:
        before = answered.get((one.source, one.network, one.parent))
        at = threads.get(key_of(one)) or (before[0] if before else None)
        if at is not None:
            made[one.id] = at
    return made


async def _opened(
    tx: Tx, principal: Principal, one: Mention, now: datetime, company: own.Own, *, by_hand: bool
) -> Turn | None:  # fmt: skip
    """A conversation that begins with a mention and what was said in its thread before; None where there is one."""
    talk = Conversation(
        uuid7(), one.source, one.network, rules.thread_of(one), one.kind, one.direct, one.title, one.author, one.handle,
        one.person, one.account, "open", "normal", one.function or rules.CARE, "", now,
        principal.user if by_hand else "", one.id, one.language, one.intent, one.topic, one.sentiment, changed_at=now,
    )  # fmt: skip
    if not await store.add(tx, principal.tenant, talk):
        return None
    turn = Turn(principal, None, talk, now, None if by_hand else "customer")
    workspace = principal.tenant.workspace
    # What began a talk has nothing before it.
    begins = not one.parent and one.thread in ("", one.external)
    before = [] if begins else await store.thread_so_far(
        tx, workspace, one.source, one.network, talk.thread, [one.id], _SO_FAR
    )  # fmt: skip
    for said in await mentions.several(tx, workspace, before) if before else ():
        if said.posted_at > one.posted_at:
            continue
        if _ours(company, said):
            _enter(turn, "reply", said, by="elsewhere", outcome="said", text=said.text, external=said.external,
                   url=said.url)  # fmt: skip
        else:
            _enter(turn, "in", said, by="customer", external=said.external)
    entry = _enter(turn, "in", one, by="customer", external=one.external)
    turn.move(
        "in", one.posted_at, first_in_at=one.posted_at, last_in_at=one.posted_at, said_seq=entry.seq, asked=one.id
    )  # fmt: skip
    turn.tell(events.OPENED, {**events.said(one.text), "by_hand": by_hand})
    return turn


def _continued(turn: Turn, one: Mention) -> None:
    """What somebody wrote in a conversation. The customer's own words bring it back from wherever it was put."""
    talk = turn.talk
    entry = _enter(turn, "in", one, by="customer", external=one.external)
    theirs = one.direct or rules.is_theirs(one, talk)
    reopens = talk.state == "resolved"
    if theirs or reopens:
        turn.set(
            asked=one.id, language=one.language, intent=one.intent, topic=one.topic, sentiment=one.sentiment,
            person=one.person or talk.person, account=one.account or talk.account,
        )  # fmt: skip
        first = talk.first_in_at or one.posted_at
        last = max(one.posted_at, talk.last_in_at or one.posted_at)
        turn.move("in", one.posted_at, first_in_at=first, last_in_at=last, said_seq=entry.seq)
    else:
        turn.set(said_seq=entry.seq)
    turn.tell(events.CONTINUED, events.said(one.text))
    if talk.state != "open" and (theirs or reopens):
        turn.state("open", at=one.posted_at)


def _elsewhere(turn: Turn, one: Mention) -> None:
    """The company answered in the network itself, past the inbox."""
    entry = _enter(
        turn, "reply", one, by="elsewhere", outcome="said", text=one.text, external=one.external, url=one.url
    )  # fmt: skip
    last = max(one.posted_at, turn.talk.last_out_at or one.posted_at)
    turn.by = "elsewhere"
    turn.move("out", one.posted_at, last_out_at=last, said_seq=entry.seq)
    turn.tell(events.ANSWERED, {**events.said(one.text), "entry": str(entry.id), "outcome": "said", "url": one.url,
                                "by": "elsewhere"})  # fmt: skip
    if turn.talk.state == "open":
        turn.state("waiting", at=one.posted_at)


def _enter(turn: Turn, kind: EntryKind, one: Mention, **fields: Any) -> Entry:
    return turn.enter(kind, at=one.posted_at, mention=one.id, actor="", **fields)


async def changed(
    tx: Tx, principal: Principal, what: Iterable[tuple[uuid.UUID, str]], now: datetime, clocks: Clocks | None
) -> None:  # fmt: skip
    """Writes down that customers edited or deleted messages of theirs: (mention, `edited` or `deleted`). A reply that
    is being written to the older words is then told so."""
    workspace, told = principal.tenant.workspace, dict(what)
    standing = await store.standing(tx, workspace, list(told))
    talks = {one.id: one for one in await store.several(tx, workspace, sorted(set(standing.values())), lock=True)}
    silent = await store.silent(tx, workspace, list(talks)) if "deleted" in told.values() else set()
    turns: dict[uuid.UUID, Turn] = {}
    for mention, at in standing.items():
        turn = turns.setdefault(at, Turn(principal, talks[at], talks[at], now, "customer"))
        turn.act(told[mention], mention=str(mention))
        turn.set(said_seq=turn.talk.seq)
        if told[mention] == "deleted" and at in silent:  # what the network took back is not kept here either
            turn.set(subject="", author="", handle="", person=None, account="")
        turn.tell(events.MESSAGE_CHANGED, {"what": told[mention]})
    await keep(tx, list(turns.values()), clocks)


async def linked(
    tx: Tx, principal: Principal, found: Sequence[Mention], now: datetime, clocks: Clocks | None
) -> None:  # fmt: skip
    """Conversations are whose their newest mention is."""
    workspace = principal.tenant.workspace
    at = await store.of_mentions(tx, workspace, [one.id for one in found])
    talks = {one.id: one for one in await store.several(tx, workspace, sorted(set(at.values())), lock=True)}
    turns = []
    for one in found:
        talk = talks.get(at[one.id]) if one.id in at else None
        if talk is None or (talk.person, talk.account) == (one.person, one.account):
            continue
        turn = Turn(principal, talk, replace(talk, person=one.person, account=one.account), now)
        turn.tell(events.RELINKED)
        turns.append(turn)
    await keep(tx, turns, clocks)


async def moved(
    tx: Tx, principal: Principal, to: Mapping[uuid.UUID, str], now: datetime, clocks: Clocks | None
) -> None:  # fmt: skip
    """A person handed a mention to a team: its conversation goes along, unless somebody is at it."""
    workspace = principal.tenant.workspace
    at = {talk: mention for mention, talk in (await store.of_mentions(tx, workspace, list(to))).items()}
    turns = []
    for talk in await store.several(tx, workspace, list(at), lock=True):
        team = to[at[talk.id]]
        if talk.assignee or talk.team == team:
            continue
        turn = Turn(principal, talk, talk, now)
        turn.move("team", now, team=team)
        told = {"from": talk.team, "note": "", "note_plain": "", "from_assignee": ""}
        turn.act("transferred", **{"from": talk.team, "to": team})
        turn.tell(events.TRANSFERRED, told)
        turns.append(turn)
    await keep(tx, turns, clocks)
