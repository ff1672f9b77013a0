"""Campaigns' entrance: making and launching them, who is on their way, what is sent, how it went."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from dure.automation.plugs import Outgoing
from dure.campaigns import calendar, events, store
from dure.campaigns import rules as decisions
from dure.campaigns.carriers.email import EmailCarrier
from dure.campaigns.carriers.providers import Providers
from dure.campaigns.completing import Completing
from dure.campaigns.design import Design
from dure.campaigns.devices.api import Devices
from dure.campaigns.dry_run import DryRuns
from dure.campaigns.dry_walk import Walk
from dure.campaigns.effects import LONGEST_DAYS, Effects, effects_of
from dure.campaigns.journeys import store as ways
from dure.campaigns.journeys.engine import LEASE, Engine
from dure.campaigns.journeys.entering import Arrival
from dure.campaigns.model import (
    Campaign,
    Counts,
    DryRun,
    Message,
    Problem,
    Progress,
    Recipient,
    Result,
    Slot,
    Version,
    Way,
)
from dure.campaigns.plugs import Carrier, Directory, Gate, Mailer, Recommending, Writing
from dure.campaigns.previewing import Preview, parts_of
from dure.campaigns.recommending.api import Recommendations
from dure.campaigns.responses.leaving import Leaving
from dure.campaigns.responses.tickets import Tickets
from dure.campaigns.results import result_of
from dure.campaigns.safety import Safety
from dure.campaigns.way_out import WaysOut
from dure.campaigns.writing import Writer
from dure.experiments.api import Experiments
from dure.feed.api import append, end
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.seal import Seal
from dure.log.api import Log
from dure.segments.api import Rule, Segments
from dure.state import State, Tx

__all__ = [
    "Campaign", "Campaigns", "Counts", "Design", "DryRun", "Message", "Problem", "Progress", "Result", "Slot",
    "Version", "Way",
]  # fmt: skip

READ, WRITE = "campaigns:read", "campaigns:write"


class Campaigns:
    """What marketing sends, and to whom it does not. `sender` is the From line, `site` Dure's own address outside.

    `gate`, `writing`, `recommending` and `carriers` are what fills the plugs; without them this slice's own do, and
    e-mail, which goes by `mailer`, is all there is. `engine` moves people; its loops run beside the doors. Results are
    judged by `experiments`.
    """

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, segments: Segments, directory: Directory,
        mailer: Mailer, *, sender: str, site: str, seal: Seal | None = None, key: bytes = b"",
        gate: Gate | None = None, writing: Writing | None = None, recommending: Recommending | None = None,
        carriers: Sequence[Carrier] = (), outgoing: Outgoing | None = None, lease: float = LEASE,
        patience: float = 0.0, experiments: Experiments | None = None,
    ) -> None:  # fmt: skip
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._segments = segments
        self._directory = directory
        self._experiments = experiments or Experiments(state, log, clock, governance, segments)
        self._sender = sender
        key = key or secrets.token_bytes(32)
        # Without the installation's key no address of an erased person is known again.
        self._seal = seal or Seal(secrets.token_bytes(32))
        self.recommending = Recommendations(state, log, clock, segments, directory, patience=patience)
        self._ways_out = WaysOut(key, site.rstrip("/"))
        self.leaving = Leaving(state, clock, governance, self._ways_out)
        self._writing = writing or Writer(clock)
        letters = EmailCarrier(mailer, Providers(state, clock, key), Tickets(key, site), sender=sender)
        self.safety = Safety(
            state, log, clock, governance, segments, directory, self._seal, list(carriers) or [letters],
            self._writing, recommending or self.recommending, self._ways_out.preview, self._experiments,
        )  # fmt: skip
        completing = Completing(Devices(state, clock, governance, directory), directory)
        self.engine = Engine(
            state, log, clock, governance, segments, directory, self._ways_out,
            carriers=self.safety.carriers, writing=self._writing, gate=gate or self.safety.gate,
            recommending=recommending or self.recommending, outgoing=outgoing, lease=lease,
            completing=completing,
        )  # fmt: skip

        walk = Walk(
            state, log, clock, governance, segments, directory, self.safety.unbound, self.engine.carriers,
            completing,
        )  # fmt: skip
        self.dry_runs = DryRuns(
            walk, self._writing, recommending or self.recommending, self._ways_out.preview
        )  # fmt: skip

    # -- designs ----------------------------------------------------------------------------------------------------

    async def campaigns(self, principal: Principal) -> list[tuple[Campaign, Counts]]:
        """Every campaign with its counts, newest first."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            counts = await store.counts(tx, principal.tenant.workspace)
            found = await store.campaigns(tx, principal.tenant.workspace)
        return [(each, counts.get(each.id, Counts(0, {}, {}))) for each in found]

    async def campaign(self, principal: Principal, id: str) -> tuple[Campaign, Counts]:
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            return found, (await store.counts(tx, principal.tenant.workspace, id)).get(id, Counts(0, {}, {}))

    async def words(self, principal: Principal, rules: Sequence[Rule]) -> list[dict[str, str]]:
        """Audience rules in words, `ko` and `en`."""
        access(principal, READ)
        return await self._segments.words(principal, rules)

    async def validate(self, principal: Principal, design: object) -> list[Problem]:
        """All that keeps a design from being launched; [] where nothing does."""
        access(principal, READ)
        return decisions.problems(design)

    async def create(self, principal: Principal, design: object) -> Campaign:
        """A draft. `design` is a Design or its JSON; Invalid names the field."""
        access(principal, WRITE)
        now = self._clock.now()
        made = Campaign(str(uuid7()), _design(design), "draft", 0, principal.actor, now, None, 0, principal.tenant.org)
        async with self._state.begin(principal.tenant) as tx:
            await store.add_campaign(tx, principal.tenant.workspace, made)
            await append(tx, events.campaign_event(principal, now, events.CREATED, made))
        return made

    async def duplicate(self, principal: Principal, id: str) -> Campaign:
        """A draft with the same design, under a name that says so."""
        access(principal, WRITE)
        async with self._state.begin(principal.tenant) as tx:
            design = (await _found(tx, principal, id)).design
        more = {"ko": "사본", "en": "copy"}
        name = {language: f"{text[:190]} ({more.get(language, 'copy')})" for language, text in design.name.items()}
        return await self.create(principal, msgspec.structs.replace(design, name=name))

    async def change(self, principal: Principal, id: str, design: object) -> Campaign:
        """Changes a draft. Of a launched campaign only name and texts: the rest would spoil its result. That is a new
        version, on which people start from now on; who is on their way stays on theirs (`move` brings them along)."""
        access(principal, WRITE)
        new, now = _design(design), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            after = replace(before, design=new)
            if before.launched_at is not None:
                if before.status == "finished":
                    raise Conflict("The campaign is over; duplicate it to go on.")
                if not decisions.only_words_differ(before.design, new):
                    raise Conflict("After its launch only a campaign's name and texts change; make another one.")
                after = replace(after, version=before.version + 1)
                await store.add_version(tx, principal, after, now)
                await ways.listen_anew(tx, principal.tenant.workspace)
            await store.save_campaign(tx, principal.tenant.workspace, after)
            await self.safety.approvals.note_change_in(tx, principal, id)
            await append(tx, events.campaign_event(principal, now, events.CHANGED, after, {"version": after.version}))
        return after

    async def versions(self, principal: Principal, id: str) -> list[Version]:
        """What was launched, newest first."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal, id)
            return await store.versions(tx, principal.tenant.workspace, id)

    async def move(self, principal: Principal, id: str) -> int:
        """Brings those on their way to the newest version, where it has the node they stand at; how many moved."""
        access(principal, WRITE)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            campaign = await _found(tx, principal, id, lock=True)
            if not campaign.version:
                raise Conflict("The campaign was never launched.")
            newest = await store.version(tx, principal.tenant.workspace, id, campaign.version)
            moved = await ways.to_version(
                tx, principal.tenant.workspace, id, campaign.version, [node.id for node in newest.design.nodes]
            )
            if moved:
                told = {"version": campaign.version, "people": moved}
                await append(tx, events.campaign_event(principal, now, events.MOVED, campaign, told))
        return moved

    # -- on and off -------------------------------------------------------------------------------------------------

    async def launch(self, principal: Principal, id: str) -> Campaign:
        """Switches a campaign on; a stopped one begins anew for whoever comes from now on."""
        access(principal, WRITE)
        now = self._clock.now()
        zone = (await self._governance.workspace(principal.tenant)).timezone
        seen = await self.safety.approvals.look_at(principal, (await self.campaign(principal, id))[0])
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.status == "live":
                return before
            if before.status == "paused":
                raise Conflict("The campaign is paused; resume it.")
            if before.status == "finished":
                raise Conflict("The campaign is over; duplicate it to go on.")
            decisions.read_design(msgspec.to_builtins(before.design))
            self.engine.ways_out_for(before)
            after = replace(
                before, status="live", version=before.version or 1, launched_at=before.launched_at or now,
                since=await end(tx),
            )  # fmt: skip
            if not before.version:
                await store.add_version(tx, principal, after, now)
            await ways.listen_anew(tx, principal.tenant.workspace)
            await store.save_campaign(tx, principal.tenant.workspace, after)
            await self.safety.approvals.require_in(tx, principal, before, seen)
            await self.safety.trials.seed_in(tx, principal, before)
            await self.safety.gate.halting.switched_in(tx, principal, id, "live")
            await self.engine.plan_next(tx, principal.tenant, after, zone, now)
            await append(tx, events.campaign_event(principal, now, events.LAUNCHED, after))
        self.engine.ring()
        return after

    async def pause(self, principal: Principal, id: str) -> Campaign:
        """Nobody enters, moves or is written to until it is resumed; who left or came back meanwhile is out."""
        return await self._switch(principal, id, ("live",), "paused", events.PAUSED)

    async def resume(self, principal: Principal, id: str) -> Campaign:
        """Goes on where it was paused: what was due meanwhile is due now."""
        after = await self._switch(principal, id, ("paused",), "live", events.RESUMED)
        self.engine.ring()
        return after

    async def stop(self, principal: Principal, id: str) -> Campaign:
        """Nothing more goes out from this moment, also to those who are on their way: they are out."""
        return await self._switch(principal, id, ("live", "paused", "finished"), "stopped", events.STOPPED)

    async def finish(self, principal: Principal, id: str) -> Campaign:
        """Nobody enters any more; those on their way go to their end."""
        return await self._switch(principal, id, ("live",), "finished", events.FINISHED)

    async def _switch(self, principal: Principal, id: str, of: tuple[str, ...], to: str, name: str) -> Campaign:
        access(principal, WRITE)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.status == to:
                return before
            if before.status not in of:
                raise Conflict(f"The campaign is {before.status}.")
            after: Campaign = replace(before, status=to)  # type: ignore[arg-type]
            await store.save_campaign(tx, principal.tenant.workspace, after)
            await ways.listen_anew(tx, principal.tenant.workspace)
            await self.safety.gate.halting.switched_in(tx, principal, id, to)
            if to in ("stopped", "finished"):
                await ways.cancel_occurrences(tx, principal.tenant.workspace, id, now)
            if to == "live":
                await ways.unpark(tx, principal.tenant.workspace, id)
            await append(tx, events.campaign_event(principal, now, name, after))
        return after

    # -- people on their way ----------------------------------------------------------------------------------------

    async def enter_in(self, tx: Tx, principal: Principal, id: str, arrivals: Sequence[Arrival]) -> dict[UUID, Way]:
        """People enter by hand or by an automation, in sets, whatever the campaign's own entry says; returns each
        one's way. Who may not come again gets the way they had."""
        access(principal, WRITE)
        campaign = await _found(tx, principal, id)
        if campaign.status != "live":
            raise Conflict("The campaign is not live.")
        return await self.engine.enter(tx, principal.tenant, campaign, arrivals, self._clock.now())

    async def send(self, principal: Principal, way: str) -> Message | None:
        """Takes a way on at once, as far as it goes without waiting; what became of its newest message, None where it
        has none yet. An id of a message is answered with that message."""
        access(principal, WRITE)
        return await self.engine.take_on(principal.tenant, _uuid(way, "message"))

    async def messages(
        self, principal: Principal, id: str, *, state: str | None = None, node: str | None = None,
        before: datetime | None = None, limit: int = 100,
    ) -> list[Message]:  # fmt: skip
        """What became of each, newest first."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal, id)
            return await store.messages(tx, principal.tenant.workspace, id, state, node, before, min(limit, 1000))

    async def ways(
        self, principal: Principal, id: str | None = None, *, person: str | None = None, node: str | None = None,
        state: str | None = None, after: str | None = None, limit: int = 100,
    ) -> list[Way]:  # fmt: skip
        """Ways through a campaign, or of a person through all of them; the newest first, `limit` after the way
        `after`."""
        access(principal, READ)
        who = _uuid(person, "person") if person else None
        if id is None and who is None:
            raise Invalid("Name a campaign or a person.", field="person")
        async with self._state.begin(principal.tenant) as tx:
            if id is not None:
                await _found(tx, principal, id)
            people = None
            if who is not None:
                known = (await self._directory.known(tx, principal.tenant, [who])).get(who)
                people = list({who, known.id} if known else {who})
            past = _uuid(after, "after") if after else None
            return await ways.listed(
                tx, principal.tenant.workspace, id, people, node, state, past, max(1, min(limit, 1000))
            )

    async def progress(self, principal: Principal, id: str) -> Progress:
        """How far it is: who is where, what went out a minute, and when all that waits will have gone out."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            campaign = await _found(tx, principal, id)
            return await calendar.progress(tx, principal.tenant.workspace, campaign, self._clock.now())

    async def calendar(self, principal: Principal, since: datetime, until: datetime) -> list[Slot]:
        """What goes out when, in time's order: occurrences that were, are planned and will come; at most 500."""
        access(principal, READ)
        if until <= since:
            raise Invalid("`to` is after `from`.", field="to")
        zone = (await self._governance.workspace(principal.tenant)).timezone
        async with self._state.begin(principal.tenant) as tx:
            return await calendar.slots(tx, principal.tenant.workspace, since, until, zone, self._clock.now())

    async def names(self, principal: Principal, people: Collection[UUID]) -> dict[UUID, str]:
        """What people are called, of those who said."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._directory.known(tx, principal.tenant, people)
        return {asked: str(one.traits.get("name") or "") for asked, one in known.items()}

    async def result(self, principal: Principal, id: str, *, retention: bool = True) -> Result:
        """What it did to those it wrote to: the goal, guardrails and (with `retention`) who is there again by day."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            campaign = await _found(tx, principal, id)
        asking = self._governance.system(principal.tenant, "campaigns")
        return await result_of(self._experiments, self._segments, asking, campaign, retention=retention)

    async def effects(self, principal: Principal, days: int = 7) -> Effects:
        """What all launched campaigns did: whom they reached, and who of both halves was there again on day `days`."""
        access(principal, READ)
        if not 1 <= days <= LONGEST_DAYS:
            raise Invalid(f"`days` is 1 to {LONGEST_DAYS}.", field="days")
        zone = (await self._governance.workspace(principal.tenant)).timezone
        async with self._state.begin(principal.tenant) as tx:
            found = await store.campaigns(tx, principal.tenant.workspace)
        asking = self._governance.system(principal.tenant, "campaigns")
        activity, now = await self._segments.activity(asking), self._clock.now()
        return await effects_of(self._log, self._segments, principal.tenant, found, activity, days, zone, now)

    # -- before launching -------------------------------------------------------------------------------------------

    async def dry_run(self, principal: Principal, id: str, limit: int = 200, run: str = "") -> DryRun:
        """Who would get what, and why others would not; nothing is sent or kept. By `run`, a name of the caller's own,
        `dry_runs` says how far it is and cancels it."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            campaign = await _found(tx, principal, id)
        return await self.dry_runs.run(principal, campaign, max(1, min(limit, 2_000)), run)

    async def preview(
        self, principal: Principal, design: object, person: str, node: str | None = None
    ) -> Preview:  # fmt: skip
        """The first message of a design (or the one at `node`) as one person would get it; `missing_value` where the
        text names what they do not have."""
        access(principal, READ)
        read, who = _design(design), _uuid(person, "person")
        language = (await self._governance.workspace(principal.tenant)).language
        wanted = next((one for one in read.messages if node in (None, one.id)), None)
        if wanted is None:
            raise Invalid("There is no such message in this design.", field="node")
        async with self._state.begin(principal.tenant) as tx:
            known = (await self._directory.known(tx, principal.tenant, [who])).get(who)
        if known is None:
            raise NotFound("Nothing is known of this person.", field="person")
        to = Recipient(known.id, known.distinct_ids[0] if known.distinct_ids else "", known.traits)
        items = (
            await self.recommending.for_person(principal, str(who), wanted.items.kind, wanted.items.count)
            if wanted.items
            else []
        )
        campaign = Campaign("preview", read, "draft", 0, "", self._clock.now(), None)
        content = self._writing.compose(
            campaign, wanted, to, [each.item for each in items], language=language, out_url=self._ways_out.preview
        )
        sms = parts_of(content.text) if wanted.channel == "sms" else None
        address = to.phone if wanted.channel == "sms" else to.address if wanted.channel == "email" else to.distinct_id
        return Preview(wanted.id, address, self._sender, content, sms)

    # -- leaving the list -------------------------------------------------------------------------------------------

    async def set_consent(self, principal: Principal, person: str, allowed: bool, source: str = "staff") -> None:
        """What somebody said about e-mail. Yes also lifts the suppression of the address they have."""
        access(principal, WRITE)
        who, tenant = _uuid(person, "person"), principal.tenant
        async with self._state.begin(tenant) as tx:
            known = (await self._directory.known(tx, tenant, [who])).get(who)
            now_is = known.id if known else who
            await store.set_consent(tx, tenant.workspace, now_is, allowed, source, self._clock.now())
            if allowed and known is not None:
                await store.release(tx, tenant.workspace, Recipient(known.id, "", known.traits).address, self._seal)
            name = "Consent Given" if allowed else "Consent Withdrawn"
            told = {"channel": "email", "source": source}
            await append(
                tx,
                events.workspace_event(
                    principal, self._clock.now(), name, "person", str(now_is), told, now_is
                ),
            )  # fmt: skip


async def _found(tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> Campaign:
    found = await store.campaign(tx, principal.tenant.workspace, id, lock=lock)
    if found is None:
        raise NotFound("There is no such campaign.", field="campaign")
    return found


def _design(design: object) -> Design:
    return decisions.read_design(msgspec.to_builtins(design) if isinstance(design, Design) else design)


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not an id.", field=field) from error
