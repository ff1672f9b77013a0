"""Social's entrance: mentions arrive, are looked at, corrected and routed; spikes are noticed and end."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.feed.api import Event, append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound, TooLarge
from dure.kernel.tenant import Tenant
from dure.social import arriving, changing, counts, events, expectation, own, recent, rules, spiking, store
from dure.social.conflicts import conflict
from dure.social.linking.plugs import Linker
from dure.social.listening import labels
from dure.social.listening import store as listening_store
from dure.social.listening.model import SavedQuery
from dure.social.model import Arrival, Bearer, Look, Mention, NewMention, Reading, Rule, Spike
from dure.social.plugs import Reader
from dure.social.reading import events as reading_events
from dure.social.reading.api import Readers
from dure.social.routing import events as routing_events
from dure.social.routing import store as routing_store
from dure.social.routing.api import Routing, Shelf
from dure.social.routing.model import Decision, Settings
from dure.state import State, Tx

__all__ = [
    "Along", "Arrival", "Bearer", "Look", "Mention", "NewMention", "Reader", "Reading", "Rule", "Social", "Spike",
    "Volume",
]  # fmt: skip

MOST = 1_000  # mentions a call
NOBODY = Bearer()
_NOBODY = uuid.UUID(int=0)
Along = Callable[[Tx, Arrival], Awaitable[bool]]
"""A caller's own part of an arrival's transaction, told what arrived; False undoes all of it."""
_ON_THE_LOOP = 20  # mentions that are read without going to a thread
_MIDDLES = timedelta(days=92)  # so far back the middles of words are looked at
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Volume:
    """People an hour with what was to be expected. `upper` is the number from which an hour is a spike."""

    start: datetime
    seen: tuple[int, ...]
    expected: tuple[float, ...]
    upper: tuple[int, ...]
    spikes: tuple[Spike, ...]


class _NotKept(Exception):
    """The caller's own part of the transaction said no."""


class Social:
    """What is said outside. Methods named `…_in` do the same within the caller's transaction."""

    def __init__(self, state: State, clock: Clock, reader: Reader | None = None) -> None:
        self._state = state
        self._clock = clock
        self._slow = reader is not None  # a given reader may ask a service
        self.readers = Readers(state, clock, reader)
        self.shelf = Shelf()
        self._recent = recent.Recent()
        self.linker: Linker | None = None

    # -- arriving ---------------------------------------------------------------------------------------------------

    async def arrive(
        self, principal: Principal, mentions: Sequence[NewMention], *, gone: Collection[tuple[str, str]] = (),
        bearer: Bearer = NOBODY, along: Along | None = None,
    ) -> Arrival:  # fmt: skip
        """Takes in up to a thousand mentions. One that is known by network and id is left alone, unless it was edited.

        Each new one is read, folded onto what it is a near copy of, and routed where a rule is sure. An edited one is
        read again, keeps what a person set right and where a person sent it, and else is routed anew; one of `gone`,
        (network, id) pairs, is emptied. One batch of events goes to the feed. `along` is the caller's own part of the
        same transaction: where it says False, nothing happened. Then the last hour is judged.
        """
        added = await self._take(principal, mentions, bearer, gone=frozenset(gone), along=along)
        spikes = await self.assess(principal.tenant) if added.added and not bearer.loaded else ()
        return replace(added, spikes=tuple(spike.id for spike in spikes))

    async def bulk_load(self, principal: Principal, mentions: Sequence[NewMention]) -> Arrival:
        """Brings a past in, any number of mentions, each at its own time; the last hour is judged at the end.

        The events say `loaded`, so that automations can leave a past alone. A second run adds nothing.
        """
        ordered = sorted(mentions, key=lambda one: (one.posted_at is None, str(one.posted_at)))
        total = Arrival(0, 0, ())
        for at in range(0, len(ordered), MOST):
            part = await self._take(principal, ordered[at : at + MOST], Bearer(loaded=True))
            total = Arrival(total.added + part.added, total.known + part.known, (*total.ids, *part.ids))
        spikes = await self.assess(principal.tenant) if total.added else ()
        return replace(total, spikes=tuple(spike.id for spike in spikes))

    async def _take(
        self, principal: Principal, mentions: Sequence[NewMention], bearer: Bearer, *,
        gone: frozenset[tuple[str, str]] = frozenset(), along: Along | None = None,
    ) -> Arrival:  # fmt: skip
        access(principal, "social:write")
        if len(mentions) > MOST:
            raise TooLarge(f"At most {MOST} mentions a call.", field="mentions")
        now, tenant = self._clock.now(), principal.tenant
        given = arriving.latest([rules.cleaned(one, now) for one in mentions], gone)
        async with self._state.begin(tenant) as tx:
            stored = await store.known(tx, tenant.workspace, [(one.network, one.id) for one in given])
        found = await self._read(tenant, arriving.telling(given, stored, bearer))
        if not found and not gone and along is None:
            return Arrival(0, len(mentions), ())
        try:
            async with self._state.begin(tenant) as tx:
                arrival = await self._settle_in(tx, principal, now, found, gone, bearer)
                arrival = replace(arrival, known=len(mentions) - arrival.added)
                if along is not None and not await along(tx, arrival):
                    raise _NotKept
        except _NotKept:
            return Arrival(0, 0, (), kept=False)
        return arrival

    async def _settle_in(
        self, tx: Tx, principal: Principal, now: datetime, found: Sequence[arriving.Read],
        gone: frozenset[tuple[str, str]], bearer: Bearer,
    ) -> Arrival:  # fmt: skip
        """What was read becomes mentions, edits and deletions with their events; what came meanwhile is known."""
        if not found and not gone:
            return Arrival(0, 0, ())
        tenant, keys = principal.tenant, [(one.given.network, one.given.id) for one in found]
        await store.lock_arrivals(tx, tenant.workspace)
        stored = await store.known(tx, tenant.workspace, [*keys, *gone], lock=True)
        new = [one for one, key in zip(found, keys, strict=True) if key not in stored]
        edits = [
            (stored[key]["id"], one) for one, key in zip(found, keys, strict=True)
            if key in stored and arriving.is_edit(one.given, stored[key], bearer)
        ]  # fmt: skip
        company = await own.of(tx, tenant.workspace, [(bearer.source, one.given.id) for one in new])
        before = await self._originals(tx, tenant, new, now)
        made, more = arriving.settle(new, before, now, bearer.source, company)
        reads = {one.id: read for one, read in zip(made, new, strict=True)}
        ours = [one for one in made if one.own]
        router = await self.shelf.router(tx, tenant.workspace)
        settled, decisions = router.assign([one for one in made if not one.own])
        linked: list[Event] = []
        if self.linker is not None:
            settled, linked = await self.linker.link(tx, principal, settled, now, loaded=bearer.loaded)
        settled = await labels.labelled(tx, tenant.workspace, settled)
        voices = [(one, rules.voice_of(reads[one.id].given)) for one in (*settled, *ours)]
        await store.add(tx, tenant.workspace, tenant.org, voices)
        originals = [(one.id, one.posted_at, reads[one.id].signature) for one in settled if one.original == one.id]
        await recent.remember(tx, tenant.workspace, now, recent.rows_of(originals))
        await routing_store.note(tx, tenant.workspace, now, _originals_of(settled, decisions))
        await store.count_copies(tx, tenant.workspace, more)
        changed = await changing.edit(tx, principal, now, edits, router, bearer.loaded)
        lost = await changing.take_back(
            tx, principal, now, [stored[key] for key in gone if key in stored and not stored[key]["deleted_at"]]
        )
        arrived = _arrivals(principal, now, settled, decisions, router.setup.settings, bearer.loaded)
        said = _own_arrivals(principal, now, ours, bearer.loaded)
        await append(tx, *arrived, *said, *linked, *changed, *lost)
        ids = tuple(one.id for one in made)
        gone_now = sum(one.event == events.MENTION_DELETED for one in lost)
        return Arrival(len(made), 0, ids, edited=len(edits), deleted=gone_now)

    async def _originals(
        self, tx: Tx, tenant: Tenant, found: Sequence[arriving.Read], now: datetime
    ) -> arriving.Originals:
        """What the new ones may be copies of, with the texts of those that are stored."""
        if not found:
            return arriving.Originals()
        asked = recent.rows_of((_NOBODY, one.given.posted_at or now, one.signature) for one in found)
        alike: dict[int, list[uuid.UUID]] = defaultdict(list)
        for number, original in (await self._recent.shelf(tx, tenant.workspace, now)).met(asked):
            alike[number].append(original)
        among: dict[int, list[int]] = defaultdict(list)
        for later, before in zip(*recent.Block(asked).met(asked), strict=True):
            if before < later:
                among[int(later)].append(int(before))
        originals = arriving.Originals(alike, among)
        wanted = sorted({one for some in alike.values() for one in some})
        for row in await store.originals(tx, tenant.workspace, wanted) if wanted else ():
            originals.add_stored(row)
        return originals

    async def readings(self, tenant: Tenant, mentions: Sequence[NewMention]) -> list[tuple[NewMention, Reading]]:
        """Mentions as they would be kept, and how they would be read."""
        now = self._clock.now()
        given = [rules.cleaned(one, now) for one in mentions]
        reader = await self.readers.for_workspace(tenant)
        found = await asyncio.to_thread(reader.read, [one.text for one in given])
        return list(zip(given, found, strict=True))

    async def _read(self, tenant: Tenant, given: Sequence[NewMention]) -> list[arriving.Read]:
        reader = await self.readers.for_workspace(tenant)
        if not self._slow and len(given) <= _ON_THE_LOOP:
            return arriving.read(reader, given)
        return await asyncio.to_thread(arriving.read, reader, given)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def mentions(self, principal: Principal, look: Look) -> list[Mention]:
        """The newest first. Continue with `before=(posted_at, id)` of the last.

        A text that begins no word is looked for in the middle of words, in the last months.
        """
        async with self._state.begin(principal.tenant) as tx:
            return await self.mentions_in(tx, principal, look)

    async def mentions_in(self, tx: Tx, principal: Principal, look: Look) -> list[Mention]:
        """`mentions` within a transaction."""
        access(principal, "social:read")
        workspace, look = principal.tenant.workspace, replace(look, limit=_within(look.limit, 500))
        found = await store.mentions(tx, workspace, look)
        if found or not look.text or look.before or look.anywhere:
            return found
        since = max(look.since or _EVER, self._clock.now() - _MIDDLES)
        return await store.mentions(tx, workspace, replace(look, anywhere=True, since=since))

    async def one(self, principal: Principal, mention_id: uuid.UUID) -> Mention:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await _mention(tx, principal, mention_id)

    async def networks(self, principal: Principal) -> list[str]:
        """Where mentions came from, by name."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.networks(tx, principal.tenant.workspace)

    async def labels(self, principal: Principal) -> list[SavedQuery]:
        """The saved queries and themes whose ids stand as labels in mentions' `themes`."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await listening_store.queries(tx, principal.tenant.workspace)

    async def topics(self, principal: Principal, days: int = 7) -> list[dict[str, Any]]:
        """By topic: `mentions` of the last days, `before` (as many days before), `negative`, `new` (not routed yet)."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await counts.topics(tx, principal.tenant.workspace, self._clock.now(), _within(days, 90))

    async def volume(self, principal: Principal, topic: str = "", days: int = 7, query: str = "") -> Volume:
        """People by clock hour up to the current one, with expectation and alarm level of each, and the spikes."""
        access(principal, "social:read")
        hours = _within(days, 30) * 24
        end = self._clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        workspace, subject = principal.tenant.workspace, counts.Subject(topic, query)
        async with self._state.begin(principal.tenant) as tx:
            allowed = await spiking.allowed(tx, workspace, query)
            history = await counts.by_hour(tx, workspace, subject, end, hours + expectation.HISTORY)
            spikes = await counts.spikes(tx, workspace, end - timedelta(hours=hours), 200)
        shown = min(hours, len(history))
        means, uppers = await asyncio.to_thread(expectation.band, history, shown, allowed)
        return Volume(
            end - timedelta(hours=shown),
            tuple(int(count) for count in history[len(history) - shown :]),
            tuple(means),
            tuple(uppers),
            tuple(spike for spike in spikes if topic in ("", spike.topic) and query in ("", str(spike.query or ""))),
        )

    async def spikes(self, principal: Principal, days: int = 30, limit: int = 100) -> list[Spike]:
        """Spikes that were on within the last days, the newest first."""
        access(principal, "social:read")
        since = self._clock.now() - timedelta(days=_within(days, 3650))
        async with self._state.begin(principal.tenant) as tx:
            return await counts.spikes(tx, principal.tenant.workspace, since, _within(limit, 500))

    # -- changing ---------------------------------------------------------------------------------------------------

    async def change(
        self, principal: Principal, mention_id: uuid.UUID, *, version: int | None = None,
        reading: Mapping[str, Any] | None = None, function: str | None = None, channel: str = "",
        state: str | None = None,
    ) -> Mention:  # fmt: skip
        """A person's change: correct the reading, route, close (`done`) or reopen (`new`); all or none of it.

        With `version`, a mention that changed since it was read is a Conflict.
        """
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await _mention(tx, principal, mention_id, lock=True)
            if version is not None and version != found.version:
                raise conflict(
                    "그 사이 다른 사람이 이 언급을 바꾸었습니다.", "Somebody changed this mention meanwhile.", "version"
                )
            if reading:
                found = await self.correct_in(tx, principal, mention_id, reading)
            if function is not None:
                found = await self.route_in(tx, principal, mention_id, function, channel)
            if state is not None and state not in ("new", "done"):
                raise Invalid("`state` is set to done or new; naming a function routes a mention.", field="state")
            if state is not None:
                found = await self._set_state(tx, principal, found, state == "done")
            return found

    async def correct_in(
        self, tx: Tx, principal: Principal, mention_id: uuid.UUID, reading: Mapping[str, Any]
    ) -> Mention:
        """Sets intent, topic, sentiment, language or spam right, and keeps it for the reader to learn from.

        A mention nobody routed yet is then routed by the rules.
        """
        access(principal, "social:write")
        found = await _mention(tx, principal, mention_id, lock=True)
        now = self._clock.now()
        before = _reading(found)
        right = rules.corrected(before, reading)
        kept = replace(
            found, language=right.language, intent=right.intent, topic=right.topic, sentiment=right.sentiment,
            confidence=1.0, feeling=1.0, spam=right.spam, spam_why=right.spam_why,
            corrected_by=principal.actor or "system", version=found.version + 1,
        )  # fmt: skip
        [kept] = await labels.labelled(tx, principal.tenant.workspace, [kept])
        was = {"language": before.language, "intent": before.intent, "topic": before.topic,
               "sentiment": before.sentiment, "confidence": before.confidence}  # fmt: skip
        written = [events.mention_event(principal, events.MENTION_CORRECTED, now, now, kept, {"before": was})]
        if kept.state == "new" and not kept.own:
            router = await self.shelf.router(tx, principal.tenant.workspace)
            (kept,), (decision,) = router.assign([kept])
            written += _routed(principal, now, kept, decision, router.setup.settings)
        elif kept.function:
            written += routing_events.outdated(principal, now, [kept])
        await store.keep(tx, principal.tenant.workspace, kept)
        spam = reading.get("spam") is not None
        await self.readers.corrected_in(tx, principal, found.id, before, right, spam=spam)
        await append(tx, *written)
        return kept

    async def judge(self, principal: Principal, mention_id: uuid.UUID, reading: Mapping[str, Any]) -> Mention:
        """Says of a mention that chance picked how it should have been read; nothing says that it was right.

        Such judgements measure the reader and are not learned from, or the measure would flatter.
        """
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await _mention(tx, principal, mention_id, lock=True)
            before = _reading(found)
            kept = await self.correct_in(tx, principal, mention_id, reading) if reading else found
            spam = reading.get("spam") is not None
            await self.readers.corrected_in(tx, principal, found.id, before, _reading(kept), audit=True, spam=spam)
            facts = {"confirmed": not reading, "says": dict(reading)}
            await append(tx, reading_events.judged(principal, self._clock.now(), found.id, facts))
        return kept

    async def route_in(
        self, tx: Tx, principal: Principal, mention_id: uuid.UUID, function: str, channel: str = ""
    ) -> Mention:
        """Hands a mention to a function. To where it is already changes nothing and writes nothing."""
        access(principal, "social:write")
        found = await _mention(tx, principal, mention_id, lock=True)
        rules.check_function(function)
        if (found.state, found.function, found.channel) == ("routed", function, channel or found.channel):
            return found
        if not principal.run:  # a person's word, of which the router learns
            routing = Routing(self._state, self._clock, self.shelf)
            return await routing.decide_in(tx, principal, mention_id, "moved", function=function, channel=channel)
        now = self._clock.now()
        settings = (await routing_store.setup(tx, principal.tenant.workspace)).settings
        kept = replace(
            found, state="routed", function=function, channel=channel or settings.channel_of(function),
            version=found.version + 1,
        )  # fmt: skip
        await store.keep(tx, principal.tenant.workspace, kept)
        more = {"by": "automation", "from": found.function}
        told = events.mention_event(principal, events.MENTION_ROUTED, now, now, kept, more)
        await append(tx, told, *routing_events.outdated(principal, now, [found]))
        return kept

    async def _set_state(self, tx: Tx, principal: Principal, found: Mention, done: bool) -> Mention:
        access(principal, "social:write")
        if (found.state == "done") == done:
            return found
        now = self._clock.now()
        back = "routed" if found.function else "new"
        kept = replace(found, state="done" if done else back, version=found.version + 1)  # type: ignore[arg-type]
        await store.keep(tx, principal.tenant.workspace, kept)
        name = events.MENTION_DONE if done else events.MENTION_REOPENED
        told = events.mention_event(principal, name, now, now, kept, {})
        await append(tx, told, *routing_events.outdated(principal, now, [kept]))
        return kept

    # -- rules ------------------------------------------------------------------------------------------------------

    async def rules(self, principal: Principal) -> list[Rule]:
        """The workspace's routing rules, first that holds wins."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return list((await routing_store.setup(tx, principal.tenant.workspace)).rules)

    async def set_rules(self, principal: Principal, rules_: Sequence[Rule]) -> list[Rule]:
        """Puts these in the place of the rules there are; mentions routed before stay where they are."""
        access(principal, "social:write")
        rules.check_rules(rules_)
        async with self._state.begin(principal.tenant) as tx:
            await store.set_rules(tx, principal.tenant.workspace, rules_)
            await routing_store.count_rules(tx, principal.tenant.workspace)
            await append(tx, events.rules_changed(principal, self._clock.now(), rules_))
        return list(rules_)

    # -- spikes -----------------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Judges the last hour of every workspace where something stirs; returns how many spikes began.

        For a loop of every minute or so; any number of processes may call it.
        """
        async with self._state.begin_system() as tx:
            tenants = await counts.stirring(tx, self._clock.now())
        return sum([len(await self.assess(tenant)) for tenant in tenants])

    async def assess(self, tenant: Tenant) -> list[Spike]:
        """Judges the last 60 minutes of each topic and watched query; returns the spikes that began.

        A spike is one *Mentions Spiked* until it is back within the usual, which is *Mentions Calmed*.
        """
        async with self._state.begin(tenant) as tx:
            return await spiking.assess(tx, tenant, self._clock.now())


async def _mention(tx: Tx, principal: Principal, mention_id: uuid.UUID, *, lock: bool = False) -> Mention:
    found = await store.mention(tx, principal.tenant.workspace, mention_id, lock=lock)
    if found is None:
        raise NotFound("There is no such mention.")
    return found


def _originals_of(
    mentions: Sequence[Mention], decisions: Sequence[Decision]
) -> list[tuple[uuid.UUID, datetime, Decision]]:  # fmt: skip
    """What is kept of decisions: near copies go where their first goes and are not decided about."""
    return [
        (mention.id, mention.arrived_at, decision)
        for mention, decision in zip(mentions, decisions, strict=True)
        if mention.original == mention.id
    ]


def _arrivals(
    principal: Principal, now: datetime, made: Sequence[Mention], decisions: Sequence[Decision], settings: Settings,
    loaded: bool,
) -> list[Event]:  # fmt: skip
    mark: dict[str, Any] = {"loaded": True} if loaded else {}
    written, both = [], list(zip(made, decisions, strict=True))
    for mention, decision in both:
        at = mention.posted_at if loaded else now
        facts = events.facts_of(mention)
        written.append(events.mention_event(principal, events.MENTION_ARRIVED, at, now, mention, mark, facts))
        if mention.state == "routed":
            why = {**routing_events.why(decision), **mark}
            written.append(events.mention_event(principal, events.MENTION_ROUTED, at, now, mention, why, facts))
    return written if loaded else [*written, *routing_events.together(principal, now, _also(both), settings)]


def _own_arrivals(principal: Principal, now: datetime, ours: Sequence[Mention], loaded: bool) -> list[Event]:
    """What the company wrote arrives by an event of its own, so that whoever hears of mentions hears nothing of it."""
    mark: dict[str, Any] = {"loaded": True} if loaded else {}
    return [
        events.mention_event(principal, events.OWN_POST_ARRIVED, one.posted_at if loaded else now, now, one, mark)
        for one in ours
    ]


def _routed(
    principal: Principal, now: datetime, mention: Mention, decision: Decision, settings: Settings
) -> list[Event]:  # fmt: skip
    """*Mention Routed* where it is, and the event that brings it to its channel."""
    if mention.state != "routed":
        return []
    written = events.mention_event(principal, events.MENTION_ROUTED, now, now, mention, routing_events.why(decision))
    return [written, *routing_events.together(principal, now, _also([(mention, decision)]), settings)]


def _also(both: Sequence[tuple[Mention, Decision]]) -> list[tuple[Mention, tuple[str, ...]]]:
    return [(mention, decision.also) for mention, decision in both if mention.state == "routed"]


def _reading(mention: Mention) -> Reading:
    return Reading(
        mention.language, mention.intent, mention.topic, mention.sentiment, mention.confidence, mention.feeling,
        mention.spam, mention.entities, mention.themes, mention.spam_why,
    )  # fmt: skip


def _within(number: int, most: int) -> int:
    return min(max(number, 1), most)
