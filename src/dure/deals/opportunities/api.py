"""The life of a deal: begun, changed, moved from stage to stage, its team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.deals import events, rules
from dure.deals.model import ACCESS, DEAL, Deal, HistoryEntry, Stage, TeamMember
from dure.deals.opportunities import store
from dure.deals.pipelines import store as pipeline_store
from dure.deals.record_id import OPPORTUNITY, new_id
from dure.deals.records import intake, keeping
from dure.deals.records import store as record_store
from dure.deals.records.keeping import Difference
from dure.deals.records.records import Records
from dure.feed.api import Event, append
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.state import Tx

TEAM_LIMIT = 100
# A change of one of these is kept as what the deal was from then on.
_STORIED = frozenset({"stage", "amount", "currency", "close_date", "probability", "own_probability"})
# What a move itself changes, told by its own event.
_MOVE = frozenset({"stage", "probability", "own_probability", "lost_reason"})


class Opportunities(Records[Deal]):
    """Deals as records. The stage is a field like another here: writing it moves the deal."""

    shape = DEAL
    changed = events.DEAL_CHANGED

    async def create_in(self, tx: Tx, principal: Principal, given: Mapping[str, Any], *, loaded: bool = False) -> Deal:
        """A new deal; without a stage it begins in the first of `pipeline`, without an owner it is the caller's.

        One that begins further on also writes *Deal Stage Changed* (from nowhere), so that what waits for a stage
        sees every deal that reaches it.
        """
        access(principal, "deals:write")
        workspace, now = principal.tenant.workspace, self.desk.clock.now()
        asked = {"owner": principal.user, **given}
        asked["owner"] = asked["owner"] or principal.user
        team, pipeline = list(asked.pop("team", ())), asked.pop("pipeline", "")
        if not asked["owner"]:
            raise Invalid("Name an owner.", field="owner")
        if not asked.get("currency"):
            asked["currency"] = await self._currency(tx, principal)
        if not asked.get("name"):
            raise Invalid("A name has 1 to 120 characters.", field="name")
        taken = await intake.take(tx, self.desk.governance, principal, DEAL, asked)
        await self._require_users(tx, principal, team)
        stages = await pipeline_store.stages(tx, workspace)
        first = rules.first_stage(stages, pipeline)
        begins = rules.stage_of(stages, taken.values["stage"]) if taken.values.get("stage") else first
        own = taken.values.get("own_probability")
        known = {"amount": 0, "account": "", "next_step": "", "channel": "", "lost_reason": "", "external": "",
                 **taken.values}  # fmt: skip
        made = Deal(
            **known | {"stage": begins.key},
            id=new_id(OPPORTUNITY), slug=await store.free_slug(tx, workspace, known["name"]), account_name="",
            probability=begins.probability if own is None else own, entries=1, version=1, created_at=now,
            changed_at=now, entered_stage_at=now, closed_at=now if begins.outcome else None,
            team=tuple(sorted(set(team))), custom=taken.custom, pipeline=begins.pipeline, forecast=begins.forecast,
        )  # fmt: skip
        rules.require_fields(begins, made)
        await keeping.add(tx, workspace, DEAL, taken.fields, made)
        await store.add_team(tx, workspace, [(made.id, TeamMember(user, "")) for user in made.team], now)
        await store.add_history(tx, workspace, [(made.id, entry(made, principal, now))])
        made = await self.get_in(tx, principal, made.id)
        mark = {"loaded": True} if loaded else {}
        written = [events.deal_event(principal, events.DEAL_CREATED, now, now, made, begins, mark)]
        if begins.key != rules.first_stage(stages, begins.pipeline).key:
            written += events.stage_changed(principal, now, now, made, None, begins, 0.0, more=mark)
        await append(tx, *written)
        return made

    async def update_in(
        self, tx: Tx, principal: Principal, record_id: str, given: Mapping[str, Any], version: int | None = None
    ) -> Deal:
        """Changes fields and, where `stage` is one of them, moves the deal; a change of nothing writes nothing."""
        access(principal, "deals:write")
        workspace, now = principal.tenant.workspace, self.desk.clock.now()
        before = await self.lock_in(tx, principal, record_id, version)
        taken = await intake.take(tx, self.desk.governance, principal, DEAL, given, before=before)
        stages = await pipeline_store.stages(tx, workspace)
        after = replace(before, **_never_empty(before, taken.values), custom=taken.custom)
        moves = after.stage != before.stage
        if moves:
            after = _moved(before, after, rules.stage_of(stages, after.stage), "own_probability" in given, now)
        if after == before:
            return before
        if before.lines and (after.amount, after.currency) != (before.amount, before.currency):
            field = "amount" if after.amount != before.amount else "currency"
            raise Invalid("The amount is that of the deal's line items; change those.", field=field)
        stage = stages[after.stage]
        if moves or set(rules.lacking(stage, after)) - set(rules.lacking(stage, before)):
            rules.require_fields(stage, after)
        after = replace(after, version=before.version + 1, changed_at=now)
        await keeping.write(tx, workspace, DEAL, taken.fields, before, after)
        return await self.told_in(tx, principal, before, now, stages)

    async def told_in(
        self, tx: Tx, principal: Principal, before: Deal, now: datetime, stages: Mapping[str, Stage],
        more: Mapping[str, Any] | None = None,
    ) -> Deal:  # fmt: skip
        """The history and the events of a change that is written; `more` is what the event says beside the fields."""
        after = await self.get_in(tx, principal, before.id)
        found = await keeping.note(tx, principal, DEAL, before, after, now)
        if _STORIED & set(found.fields):
            await store.add_history(tx, principal.tenant.workspace, [(after.id, entry(after, principal, now))])
        written: list[Event] = []
        to = stages[after.stage]
        if after.stage != before.stage:
            spent = (now - before.entered_stage_at).total_seconds()
            written += events.stage_changed(
                principal, now, now, after, stages[before.stage], to, spent, before.probability
            )
            found = Difference([one for one in found.fields if one not in _MOVE], found.before, found.after)
        if found.fields or more:
            names = list(found.fields)
            facts = {"changed": names, "before": {name: found.before[name] for name in names}, **(more or {})}
            written.append(events.deal_event(principal, events.DEAL_CHANGED, now, now, after, to, facts))
        await append(tx, *written)
        return after

    # -- team -------------------------------------------------------------------------------------------------------

    async def team_in(self, tx: Tx, principal: Principal, deal_id: str) -> list[TeamMember]:
        deal = await self.get_in(tx, principal, deal_id)
        return await store.team(tx, principal.tenant.workspace, deal.id)

    async def set_team_in(self, tx: Tx, principal: Principal, deal_id: str, members: Sequence[TeamMember]) -> Deal:
        """Makes exactly these users the deal's team; the event says who joined and who left."""
        access(principal, "deals:write")
        if len(members) > TEAM_LIMIT:
            raise Invalid(f"A team has at most {TEAM_LIMIT} members.", field="team")
        for member in members:
            if member.access not in ACCESS:
                raise Invalid(f"`access` is one of {', '.join(ACCESS)}.", field="access")
        await self._require_users(tx, principal, [member.user for member in members])
        workspace, now = principal.tenant.workspace, self.desk.clock.now()
        deal = await self.lock_in(tx, principal, deal_id, None)
        was = {one.user: one for one in await store.team(tx, workspace, deal.id)}
        wanted = {one.user: one for one in members}
        left = sorted(set(was) - set(wanted))
        same = not left and all(
            user in was and (was[user].role, was[user].access) == (one.role, one.access) for user, one in wanted.items()
        )
        if same:
            return deal
        await store.drop_team(tx, workspace, deal.id, left)
        await record_store.bury(tx, workspace, "team_member", [was[user].id for user in left], now, principal.actor)
        await store.add_team(tx, workspace, [(deal.id, one) for one in wanted.values()], now)
        changed = replace(deal, team=tuple(sorted(wanted)), version=deal.version + 1, changed_at=now)
        await keeping.change(tx, principal, DEAL, {}, deal, changed, now)
        stage = (await pipeline_store.stages(tx, workspace))[changed.stage]
        more = {"joined": sorted(set(wanted) - set(was)), "left": left}
        await append(tx, events.deal_event(principal, events.DEAL_TEAM_CHANGED, now, now, changed, stage, more))
        return changed

    async def _require_users(self, tx: Tx, principal: Principal, ids: Sequence[str]) -> None:
        known = {user.id for user in await self.desk.governance.users_in(tx, principal.tenant) if not user.deleted}
        for user in ids:
            if user not in known:
                raise Invalid(f"There is no user {user!r} in this workspace.", field="user")

    async def _currency(self, tx: Tx, principal: Principal) -> str:
        spaces = await self.desk.governance.workspaces_in(tx)
        return next(one.currency for one in spaces if one.tenant == principal.tenant)

    def _facts(self, record: Deal) -> dict[str, Any]:
        return {"name": record.name}


def entry(deal: Deal, principal: Principal, now: datetime) -> HistoryEntry:
    return HistoryEntry(
        deal.version, now, principal.actor, deal.stage, deal.probability, deal.amount, deal.currency, deal.close_date
    )


def _moved(before: Deal, after: Deal, to: Stage, keeps_probability: bool, now: datetime) -> Deal:
    if not to.active:
        raise Invalid(f"The stage {to.key!r} is not in use any more.", field="stage")
    return replace(
        after, probability=to.probability, own_probability=after.own_probability if keeps_probability else None,
        entries=before.entries + 1, entered_stage_at=now, closed_at=now if to.outcome else None,
        lost_reason=after.lost_reason if to.outcome == "lost" else "",
    )  # fmt: skip


def _never_empty(before: Deal, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with what may not be empty as it was: a deal always has an owner, a currency and a stage."""
    made = dict(values)
    if "owner" in made and not made["owner"]:
        raise Invalid("A deal has an owner.", field="owner")
    for name in ("currency", "stage"):
        if name in made and not made[name]:
            made[name] = getattr(before, name)
    return made
