"""The dry run: the real way with the last step cut off. Who would get what, and why others would not.

People enter, move, are asked about and are claimed by the code that does so in earnest, inside transactions that are
rolled back; what would be handed to a carrier is written and looked at instead. A large audience goes through in parts,
each of which holds nobody else up for long: counts are of everybody, texts of a sample.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from dure.campaigns import dry_store, log_sql
from dure.campaigns.design import Delay, Items, Messaging
from dure.campaigns.dry_forks import MOST_WALKS, Choice, Forked, Ways, forks_of, others
from dure.campaigns.dry_walk import Walk, Walked
from dure.campaigns.gate import store as gate_store
from dure.campaigns.gate.model import Rate
from dure.campaigns.gate.rates import seconds_for
from dure.campaigns.journeys.claiming import Handed
from dure.campaigns.journeys.clockwork import occurrences
from dure.campaigns.journeys.entering import Arrival
from dure.campaigns.model import Campaign, DryRun, Item, Reason, Recipient, Would
from dure.campaigns.plugs import Content, Recommending, Writing
from dure.campaigns.writing import Missing
from dure.campaigns.writing.naming import design_names
from dure.governance.api import Principal
from dure.kernel.errors import Cancelled, Conflict, NotFound, Unavailable
from dure.kernel.ids import uuid7
from dure.segments.api import duration

LOOKS_BACK = timedelta(days=7)
A_PART = 2_000
MOST_TRIGGERED = 1_000_000
_OF_A_KIND = 5
_FORGOTTEN = timedelta(hours=1)


@dataclass
class _Counted:
    """Everybody by what would become of them, and a sample that has some of every kind."""

    limit: int
    looked_at: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    people: list[Would] = field(default_factory=list)
    kinds: Counter[tuple[str, ...]] = field(default_factory=Counter)
    at_least: int = 0
    at_most: int = 0

    def add(self, would: Would) -> None:
        self.looked_at += 1
        self.outcomes[would.outcome] += 1
        if would.reason:
            self.reasons[would.reason] += 1
        sent = [one for one in would.ways or (would,) if one.outcome == "send"]
        self.at_most += bool(sent)
        self.at_least += bool(sent) and len(sent) == len(would.ways or (would,))
        self.channels.update({one.channel for one in sent})
        self.languages.update({one.language for one in sent})
        kind = (would.outcome, would.reason, would.node, would.language)
        self.kinds[kind] += 1
        if len(self.people) < self.limit or self.kinds[kind] <= _OF_A_KIND:
            self.people.append(would)


@dataclass
class DryRuns:
    """Runs a campaign dry. `out_url` stands for everybody's way out of the list."""

    walk: Walk
    writing: Writing
    recommending: Recommending
    out_url: str

    async def run(self, principal: Principal, campaign: Campaign, limit: int, name: str = "") -> DryRun:
        """All whom it would begin for now: an audience, or those whom the trigger met in the last week and who had
        time to come back since. `name` is the caller's own, to ask how far it is and to cancel it."""
        now, name = self.walk.clock.now(), name or str(uuid7())
        place = await self.walk.governance.workspace(principal.tenant)
        key, begins = _occurrence(campaign, now, ZoneInfo(place.timezone))
        arrivals = await self._arrivals(principal, campaign, now, key)
        counted, workspace, forks, unfolded = _Counted(limit), principal.tenant.workspace, Forked(), True
        async with self.walk.state.begin(principal.tenant) as tx:
            if not await dry_store.begin(tx, workspace, name, campaign.id, len(arrivals), now):
                raise Conflict("There is a dry run of this name.", field="run")
        try:
            for start in range(0, len(arrivals), A_PART):
                part = arrivals[start : start + A_PART]
                ways, whole = await self._ways(principal, campaign, part, key, begins, place.language)
                unfolded = unfolded and whole
                forks.add(ways)
                for would in ways.said():
                    counted.add(would)
                async with self.walk.state.begin(principal.tenant) as tx:
                    if not await dry_store.got(tx, workspace, name, start + len(part)):
                        raise Cancelled
        except asyncio.CancelledError:
            # The server waits for nobody any more: how far this was is forgotten with what is an hour old.
            raise Unavailable("The server was stopped while this ran. Nothing was kept: run it again.") from None
        except Exception:
            await self._end(principal, name, now)
            raise
        rates = await self._end(principal, name, now)
        seconds = max((seconds_for(n, rates.get(channel)) for channel, n in counted.channels.items()), default=0.0)
        found = await forks_of(
            self.walk.log, self.walk.segments, principal.tenant, campaign.design, forks.counts,
            [one.person for one in arrivals], now,
        )  # fmt: skip
        return DryRun(
            counted.looked_at, dict(counted.outcomes), dict(counted.reasons), tuple(counted.people),
            dict(counted.channels), dict(counted.languages), seconds, counted.at_least, counted.at_most, found,
            unfolded,
        )  # fmt: skip

    async def progress(self, principal: Principal, name: str) -> dict[str, Any]:
        """How far a run is. Its `state` is "none" before whom it is about is known, and when it is over."""
        async with self.walk.state.begin(principal.tenant) as tx:
            found = await dry_store.progress(tx, principal.tenant.workspace, name)
        if found is None:
            return {"state": "none", "done": 0, "total": 0}
        return {"state": "cancelled" if found["cancelled"] else "running"} | found

    async def cancel(self, principal: Principal, name: str) -> None:
        """It ends after the part that it is at."""
        async with self.walk.state.begin(principal.tenant) as tx:
            if not await dry_store.cancel(tx, principal.tenant.workspace, name):
                raise NotFound("There is no dry run of this name.", field="run")

    async def _end(self, principal: Principal, name: str, now: datetime) -> Mapping[str, Rate]:
        """The run is under way no more; the rates by which what it counted would be sent."""
        async with self.walk.state.begin(principal.tenant) as tx:
            await dry_store.end(tx, principal.tenant.workspace, name, now - _FORGOTTEN)
            return (await gate_store.policy(tx, principal.tenant.workspace)).rates

    # -- who --------------------------------------------------------------------------------------------------------

    async def _arrivals(self, principal: Principal, campaign: Campaign, now: datetime, key: str) -> list[Arrival]:
        entry = campaign.design.entry
        if entry.trigger is None:
            everybody = await self.walk.segments.everybody(principal, entry.audience)
            return [Arrival(person, None, key) for person in everybody]
        latest = now - _first_wait(campaign)
        where, bound = self.walk.segments.condition(entry.trigger.where)
        params = {
            **bound, "event": entry.trigger.event, "since": _text(latest - LOOKS_BACK), "now": _text(latest),
            "limit": MOST_TRIGGERED,
        }  # fmt: skip
        # Whole events are read only for texts that name them.
        told = log_sql.WHAT_BEGAN if design_names(campaign.design, "event") else "''"
        answer = await self.walk.log.query(principal.tenant, log_sql.TRIGGERED.format(where=where, told=told), params)
        return [
            Arrival(
                who, at if at.tzinfo else at.replace(tzinfo=UTC), f"dry:{who}",
                event={"name": entry.trigger.event, **msgspec.json.decode(began)} if began else None,
            )
            for who, at, began in answer.rows
        ]  # fmt: skip

    async def _ways(
        self, principal: Principal, campaign: Campaign, part: Sequence[Arrival], key: str, begins: datetime,
        language: str,
    ) -> tuple[Ways, bool]:  # fmt: skip
        """All ways these people may go to their first message, and whether that were not too many."""
        ways, gone, walks = Ways(), dict[Choice, set[UUID]](), 0
        going: list[tuple[Choice, Sequence[Arrival]]] = [(Choice(), part)]
        while going and walks < MOST_WALKS:
            walks += 1
            choice, some = going.pop(0)
            walked = await self.walk.take(principal, campaign, some, key, begins, choice)
            ways.add(choice, walked.met, await self._said(principal, campaign, some, walked, language))
            for further, people in others(choice, walked.met, gone):
                going.append((further, [one for one in some if one.person in people]))
        return ways, not going

    # -- what -------------------------------------------------------------------------------------------------------

    async def _said(
        self, principal: Principal, campaign: Campaign, part: Sequence[Arrival], walked: Walked, language: str
    ) -> list[Would]:
        letters = {one.stand.id: one for one in walked.handed if isinstance(one.node, Messaging)}
        written = await self._written(principal, campaign, list(letters.values()), language)
        found, seen = [], set[UUID]()
        for way in walked.ways:
            seen.add(way["person"])
            found.append(_of(way, walked, letters, written))
        # Whoever is in the campaign already, under this id or another, does not come in again.
        absent = max(0, len({one.person for one in part}) - len(seen))
        known = [one.person for one in part if one.person not in seen][:absent]
        return found + [Would(person, "", "skip", Reason.ALREADY_IN.value, "", "") for person in known]

    async def _written(
        self, principal: Principal, campaign: Campaign, handed: Sequence[Handed], language: str
    ) -> dict[UUID, Content | Missing]:
        """By way what each would read, or what is missing for it."""
        wanted: dict[Items, list[Recipient]] = {}
        for one in handed:
            if isinstance(one.node, Messaging) and one.node.items is not None:
                wanted.setdefault(one.node.items, []).append(one.recipient)
        items: dict[tuple[Items, UUID], Sequence[Item]] = {}
        async with self.walk.state.begin(principal.tenant) as tx:
            for asked, to in wanted.items():
                got = await self.recommending.items_for(tx, principal.tenant, to, asked, self.walk.clock.now())
                items.update({(asked, person): some for person, some in got.items()})
        found: dict[UUID, Content | Missing] = {}
        for one in handed:
            node = one.node
            if not isinstance(node, Messaging):
                continue
            some = items.get((node.items, one.recipient.person), ()) if node.items is not None else ()
            try:
                found[one.stand.id] = self.writing.compose(
                    campaign, node, one.recipient, some, language=language, out_url=self.out_url
                )
            except Missing as error:
                found[one.stand.id] = error
        return found


def _of(
    way: Mapping[str, Any], walked: Walked, letters: Mapping[UUID, Handed], written: Mapping[UUID, Content | Missing]
) -> Would:
    """What would become of one way."""
    to = walked.recipients.get(way["person"])
    letter = letters.get(way["id"])
    to = letter.recipient if letter is not None else to
    name = str(to.traits.get("name") or to.distinct_id) if to is not None else way["distinct_id"]
    would = Would(way["person"], name, "skip", "", "", "", way["channel"] or "", "", way["node"] or "")
    if letter is not None:
        content = written[way["id"]]
        if isinstance(content, Missing):
            return replace(would, outcome="fail", reason=Reason.MISSING_VALUE.value, body=content.message)
        return replace(would, outcome="send", subject=content.title, body=content.text, language=content.language)
    if way["id"] in walked.later:
        node, channel, verdict = walked.later[way["id"]]
        return replace(would, outcome="later", reason=str(verdict.reason), node=node, channel=channel)
    if way["became"] == "held":
        return replace(would, outcome="hold", reason=way["why"])
    return replace(would, reason=way["why"] or way["reason"] or Reason.NO_MESSAGE.value)


def _occurrence(campaign: Campaign, now: datetime, zone: ZoneInfo) -> tuple[str, datetime]:
    """Which time it would begin at, and when people would come in; a trigger's people long enough ago to be due now."""
    entry = campaign.design.entry
    if entry.trigger is not None:
        return "", now - _first_wait(campaign)
    coming = occurrences(entry, now, zone, 1)
    return (coming[0][0], max(now, coming[0][1])) if coming else ("launch", now)


def _first_wait(campaign: Campaign) -> timedelta:
    first = campaign.design.by_id.get(campaign.design.start)
    return duration(first.for_) if isinstance(first, Delay) and first.for_ is not None else timedelta()


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
