"""Social's entrance: mentions arrive, are looked at, corrected and routed; spikes are noticed and end."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dure.feed.api import Event, append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from dure.kernel.tenant import Tenant
from dure.social import arriving, counts, events, expectation, rules, spiking, store
from dure.social.listening import labels
from dure.social.model import Arrival, Look, Mention, NewMention, Reading, Rule, Spike
from dure.social.plugs import Reader
from dure.social.understand import built_in
from dure.state import State, Tx

__all__ = ["Arrival", "Look", "Mention", "NewMention", "Reader", "Reading", "Rule", "Social", "Spike", "Volume"]

MOST = 1_000  # mentions a call
_ON_THE_LOOP = 20  # mentions that are read without going to a thread


@dataclass(frozen=True, slots=True)
class Volume:
    """People an hour with what was to be expected. `upper` is the number from which an hour is a spike."""

    start: datetime
    seen: tuple[int, ...]
    expected: tuple[float, ...]
    upper: tuple[int, ...]
    spikes: tuple[Spike, ...]


class Social:
    """What is said outside. Methods named `…_in` do the same within the caller's transaction."""

    def __init__(self, state: State, clock: Clock, reader: Reader | None = None) -> None:
        self._state = state
        self._clock = clock
        self._given_reader = reader

    # -- arriving ---------------------------------------------------------------------------------------------------

    async def arrive(self, principal: Principal, mentions: Sequence[NewMention]) -> Arrival:
        """Takes in up to a thousand mentions; those known by network and id are left alone.

        Each new one is read, folded onto what it is a near copy of, and routed where a rule is sure. One batch of
        *Mention Arrived* and *Mention Routed* goes to the feed. Then the last hour is judged.
        """
        added = await self._take(principal, mentions, loaded=False)
        spikes = await self.assess(principal.tenant) if added.added else ()
        return replace(added, spikes=tuple(spike.id for spike in spikes))

    async def bulk_load(self, principal: Principal, mentions: Sequence[NewMention]) -> Arrival:
        """Brings a past in, any number of mentions, each at its own time; the last hour is judged at the end.

        The events say `loaded`, so that automations can leave a past alone. A second run adds nothing.
        """
        ordered = sorted(mentions, key=lambda one: (one.posted_at is None, str(one.posted_at)))
        total = Arrival(0, 0, ())
        for at in range(0, len(ordered), MOST):
            part = await self._take(principal, ordered[at : at + MOST], loaded=True)
            total = Arrival(total.added + part.added, total.known + part.known, (*total.ids, *part.ids))
        spikes = await self.assess(principal.tenant) if total.added else ()
        return replace(total, spikes=tuple(spike.id for spike in spikes))

    async def _take(self, principal: Principal, mentions: Sequence[NewMention], *, loaded: bool) -> Arrival:
        access(principal, "social:write")
        if len(mentions) > MOST:
            raise TooLarge(f"At most {MOST} mentions a call.", field="mentions")
        now, tenant = self._clock.now(), principal.tenant
        given = [rules.cleaned(one, now) for one in mentions]
        async with self._state.begin(tenant) as tx:
            before = await _known(tx, tenant, given)
        found = await self._read(tenant.workspace, arriving.fresh(given, before))
        if not found:
            return Arrival(0, len(given), ())
        async with self._state.begin(tenant) as tx:
            await store.lock_arrivals(tx, tenant.workspace)
            meanwhile = await _known(tx, tenant, [one.given for one in found])
            found = [one for one in found if (one.given.network, one.given.id) not in meanwhile]
            made, more = arriving.settle(found, await _originals(tx, tenant, found), await _rules(tx, tenant), now)
            named = await labels.labelled(tx, tenant.workspace, [mention for mention, *_ in made])
            made = [(mention, voice, bands) for mention, (_, voice, bands) in zip(named, made, strict=True)]
            await store.add(tx, tenant.workspace, tenant.org, made)
            await store.count_copies(tx, tenant.workspace, more)
            await append(tx, *_arrivals(principal, now, [mention for mention, *_ in made], loaded))
        return Arrival(len(made), len(given) - len(made), tuple(mention.id for mention, *_ in made))

    async def _read(self, workspace: str, given: Sequence[NewMention]) -> list[arriving.Read]:
        if self._given_reader is None and len(given) <= _ON_THE_LOOP:
            return arriving.read(await self._reader(), workspace, given)
        return await asyncio.to_thread(arriving.read, await self._reader(), workspace, given)

    async def _reader(self) -> Reader:
        if self._given_reader is not None:
            return self._given_reader
        return await asyncio.to_thread(built_in)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def mentions(self, principal: Principal, look: Look) -> list[Mention]:
        """The newest first. Continue with `before=(posted_at, id)` of the last."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.mentions(tx, principal.tenant.workspace, replace(look, limit=_within(look.limit, 500)))

    async def one(self, principal: Principal, mention_id: uuid.UUID) -> Mention:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await _mention(tx, principal, mention_id)

    async def networks(self, principal: Principal) -> list[str]:
        """Where mentions came from, by name."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.networks(tx, principal.tenant.workspace)

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
                raise Conflict("Somebody changed this mention meanwhile.", field="version")
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
        """Sets intent, topic, sentiment or language right. A mention nobody routed yet is then routed by the rules."""
        access(principal, "social:write")
        found = await _mention(tx, principal, mention_id, lock=True)
        now = self._clock.now()
        before = _reading(found)
        right = rules.corrected(before, reading)
        kept = replace(
            found, language=right.language, intent=right.intent, topic=right.topic, sentiment=right.sentiment,
            confidence=1.0, corrected_by=principal.actor or "system", version=found.version + 1,
        )  # fmt: skip
        [kept] = await labels.labelled(tx, principal.tenant.workspace, [kept])
        was = {"language": before.language, "intent": before.intent, "topic": before.topic,
               "sentiment": before.sentiment, "confidence": before.confidence}  # fmt: skip
        written = [events.mention_event(principal, events.MENTION_CORRECTED, now, now, kept, {"before": was})]
        if kept.state == "new" and (rule := rules.route(await _rules(tx, principal.tenant), _given(kept), right)):
            kept = replace(kept, state="routed", function=rule.function, channel=rule.channel)
            written.append(events.mention_event(principal, events.MENTION_ROUTED, now, now, kept, {"by": "rule"}))
        await store.keep(tx, principal.tenant.workspace, kept)
        await append(tx, *written)
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
        now = self._clock.now()
        kept = replace(
            found, state="routed", function=function, channel=channel or function.replace("_", "-"),
            version=found.version + 1,
        )  # fmt: skip
        await store.keep(tx, principal.tenant.workspace, kept)
        more = {"by": "automation" if principal.run else "person", "from": found.function}
        await append(tx, events.mention_event(principal, events.MENTION_ROUTED, now, now, kept, more))
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
        await append(tx, events.mention_event(principal, name, now, now, kept, {}))
        return kept

    # -- rules ------------------------------------------------------------------------------------------------------

    async def rules(self, principal: Principal) -> list[Rule]:
        """The workspace's routing rules, first that holds wins."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return list(await _rules(tx, principal.tenant))

    async def set_rules(self, principal: Principal, rules_: Sequence[Rule]) -> list[Rule]:
        """Puts these in the place of the rules there are; mentions routed before stay where they are."""
        access(principal, "social:write")
        rules.check_rules(rules_)
        async with self._state.begin(principal.tenant) as tx:
            await store.set_rules(tx, principal.tenant.workspace, rules_)
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


async def _known(tx: Tx, tenant: Tenant, given: Sequence[NewMention]) -> set[tuple[str, str]]:
    return await store.known(tx, tenant.workspace, [one.network for one in given], [one.id for one in given])


async def _originals(tx: Tx, tenant: Tenant, found: Sequence[arriving.Read]) -> arriving.Originals:
    originals = arriving.Originals()
    if found:
        oldest = min(one.given.posted_at for one in found if one.given.posted_at)
        asked = sorted({band for one in found for band in one.bands})
        for row in await store.candidates(tx, tenant.workspace, asked, oldest - arriving.REMEMBERED):
            originals.add_stored(row)
    return originals


async def _rules(tx: Tx, tenant: Tenant) -> Sequence[Rule]:
    return await store.rules(tx, tenant.workspace) or rules.FIRST_RULES


async def _mention(tx: Tx, principal: Principal, mention_id: uuid.UUID, *, lock: bool = False) -> Mention:
    found = await store.mention(tx, principal.tenant.workspace, mention_id, lock=lock)
    if found is None:
        raise NotFound("There is no such mention.")
    return found


def _arrivals(principal: Principal, now: datetime, made: Sequence[Mention], loaded: bool) -> list[Event]:
    mark: dict[str, Any] = {"loaded": True} if loaded else {}
    written = []
    for mention in made:
        at = mention.posted_at if loaded else now
        written.append(events.mention_event(principal, events.MENTION_ARRIVED, at, now, mention, mark))
        if mention.state == "routed":
            more = {"by": "rule", **mark}
            written.append(events.mention_event(principal, events.MENTION_ROUTED, at, now, mention, more))
    return written


def _reading(mention: Mention) -> Reading:
    return Reading(
        mention.language, mention.intent, mention.topic, mention.sentiment, mention.confidence, mention.feeling,
        mention.spam, mention.entities, mention.themes,
    )  # fmt: skip


def _given(mention: Mention) -> NewMention:
    return NewMention(
        network=mention.network, id=mention.external, text=mention.text, author=mention.author, handle=mention.handle,
        url=mention.url, reach=mention.reach, language=mention.language, posted_at=mention.posted_at,
        edited_at=mention.edited_at, kind=mention.kind, title=mention.title, parent=mention.parent,
        thread=mention.thread, rating=mention.rating, email=mention.email, direct=mention.direct,
    )  # fmt: skip


def _within(number: int, most: int) -> int:
    return min(max(number, 1), most)
