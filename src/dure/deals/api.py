"""Deals' entrance: accounts, deals on the board, the move from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from dure.deals import events, loading, rules, store
from dure.deals.model import (
    Account,
    Board,
    Contact,
    Deal,
    DealDetail,
    HistoryEntry,
    Lane,
    Loaded,
    LoadedAccount,
    LoadedDeal,
    Stage,
    TeamMember,
)
from dure.deals.record_id import ACCOUNT, CONTACT, OPPORTUNITY, full_id, new_id
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import State, Tx

__all__ = ["Account", "Board", "Contact", "Deal", "DealDetail", "Deals", "Lane", "Stage", "TeamMember"]

_NEXT_STEP_LIMIT = 500
_TEAM_LIMIT = 100


class Deals:
    """What sales works on. Methods named `…_in` do the same within the caller's transaction."""

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    # -- accounts ---------------------------------------------------------------------------------------------------

    async def accounts(self, principal: Principal, search: str = "", limit: int = 200) -> list[Account]:
        """Accounts whose name contains `search`, by name."""
        access(principal, "deals:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.accounts(tx, principal.tenant.workspace, search, min(limit, 1000))

    async def account(self, principal: Principal, account_id: str) -> tuple[Account, list[Contact]]:
        """An account with the people there."""
        access(principal, "deals:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await _account(tx, principal, account_id)
            return found, await store.contacts(tx, principal.tenant.workspace, found.id)

    async def create_account(
        self, principal: Principal, name: str, *, industry: str = "", country: str = "", size: int = 0,
        domain: str = "", external: str = "",
    ) -> Account:  # fmt: skip
        """A new customer. An external id that is known already is a Conflict."""
        access(principal, "deals:write")
        now = self._clock.now()
        made = Account(
            new_id(ACCOUNT), rules.check_name(name), industry, country, max(size, 0), domain, external, now, now
        )
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if external and await store.externals(tx, workspace, "account", [external]):
                raise Conflict(f"An account with the external id {external!r} exists.", field="external")
            await store.add_accounts(tx, workspace, [made])
            await append(tx, events.account_created(principal, now, made))
        return made

    async def create_contact(
        self, principal: Principal, account_id: str, name: str, *, email: str = "", title: str = ""
    ) -> Contact:
        access(principal, "deals:write")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            account = await _account(tx, principal, account_id)
            made = Contact(new_id(CONTACT), account.id, rules.check_name(name), email, title)
            await store.add_contacts(tx, principal.tenant.workspace, [made], now)
            await append(tx, events.contact_created(principal, now, made))
        return made

    # -- looking ----------------------------------------------------------------------------------------------------

    async def stages(self, principal: Principal) -> list[Stage]:
        """The workspace's pipeline, in order."""
        access(principal, "deals:read")
        async with self._state.begin(principal.tenant) as tx:
            return list((await store.stages(tx, principal.tenant.workspace)).values())

    async def board(self, principal: Principal, *, account: str | None = None, closed_days: int = 90) -> Board:
        """Open deals and those closed within `closed_days`, by stage, with each stage's count and sums."""
        access(principal, "deals:read")
        workspace = principal.tenant.workspace
        since = self._clock.now() - timedelta(days=min(max(closed_days, 0), 36_500))
        async with self._state.begin(principal.tenant) as tx:
            stages = await store.stages(tx, workspace)
            found = await store.deals(tx, workspace, since, full_id(account) if account else None)
        return Board(tuple(_lane(stage, found) for stage in stages.values()), tuple(found))

    async def one(self, principal: Principal, deal_id: str) -> DealDetail:
        """A deal with its account, contacts, team and history (newest first)."""
        access(principal, "deals:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            deal = await store.deal(tx, workspace, full_id(deal_id))
            if deal is None:
                raise NotFound("There is no such deal.")
            return DealDetail(
                deal,
                await _account(tx, principal, deal.account),
                tuple(await store.contacts(tx, workspace, deal.account)),
                tuple(await store.team(tx, workspace, deal.id)),
                tuple(await store.history(tx, workspace, deal.id)),
            )

    async def team_in(self, tx: Tx, principal: Principal, deal_id: str) -> list[str]:
        """User ids of owner and team, the owner first."""
        access(principal, "deals:read")
        deal = await store.deal(tx, principal.tenant.workspace, full_id(deal_id))
        if deal is None:
            raise NotFound("There is no such deal.", field="deal")
        return [deal.owner, *(user for user in deal.team if user != deal.owner)]

    # -- changing ---------------------------------------------------------------------------------------------------

    async def create(
        self, principal: Principal, name: str, account: str, amount: int, close_date: date, *, currency: str = "",
        stage: str = "", owner: str = "", next_step: str = "", team: Sequence[str] = (), external: str = "",
    ) -> Deal:  # fmt: skip
        """A new deal; without a stage it begins in the pipeline's first, without an owner it is the caller's.

        One that begins further on also writes *Deal Stage Changed* (from nowhere), so that what waits for a stage
        sees every deal that reaches it.
        """
        access(principal, "deals:write")
        owner = owner or principal.user
        if not owner:
            raise Invalid("Name an owner.", field="owner")
        await self._require_users(principal, [owner, *team])
        if not currency:
            currency = (await self._governance.workspace(principal.tenant)).currency
        rules.check_currency(currency)
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            stages = await store.stages(tx, workspace)
            first = next(iter(stages.values()))
            begins = rules.stage_of(stages, stage) if stage else first
            customer = await _account(tx, principal, account)
            if external and await store.externals(tx, workspace, "opportunity", [external]):
                raise Conflict(f"A deal with the external id {external!r} exists.", field="external")
            name = rules.check_name(name)
            made = Deal(
                id=new_id(OPPORTUNITY), name=name, slug=rules.slug_of(name, await store.slugs(tx, workspace)),
                account=customer.id, account_name=customer.name, amount=rules.check_amount(amount), currency=currency,
                stage=begins.key, probability=begins.probability, owner=owner,
                close_date=rules.check_close_date(close_date), next_step=_next_step(next_step), channel="",
                lost_reason="", external=external, entries=1, version=1, created_at=now, changed_at=now,
                entered_stage_at=now, closed_at=now if begins.outcome else None, team=tuple(sorted(set(team))),
            )  # fmt: skip
            await store.add_deals(tx, workspace, [made])
            await store.add_team(tx, workspace, [(made.id, user, "") for user in made.team])
            await store.add_history(tx, workspace, [(made.id, _entry(made, principal, now))])
            written = [events.deal_event(principal, events.DEAL_CREATED, now, now, made, begins, {})]
            if begins != first:
                written += events.stage_changed(principal, now, now, made, None, begins, 0.0)
            await append(tx, *written)
        return made

    async def move(
        self, principal: Principal, deal_id: str, stage: str, version: int | None = None, *, lost_reason: str = ""
    ) -> Deal:
        """Moves a deal to a stage. With `version`, one that changed since it was read is a Conflict.

        A move to where it stands changes nothing and writes nothing.
        """
        async with self._state.begin(principal.tenant) as tx:
            return await self.move_in(tx, principal, deal_id, stage, version, lost_reason=lost_reason)

    async def move_in(
        self, tx: Tx, principal: Principal, deal_id: str, stage: str, version: int | None = None, *,
        lost_reason: str = "",
    ) -> Deal:  # fmt: skip
        access(principal, "deals:write")
        workspace, now = principal.tenant.workspace, self._clock.now()
        stages = await store.stages(tx, workspace)
        to = rules.stage_of(stages, stage)
        deal = await _lock(tx, principal, deal_id, version)
        if deal.stage == to.key:
            return deal
        moved = replace(
            deal, stage=to.key, probability=to.probability, entries=deal.entries + 1, version=deal.version + 1,
            changed_at=now, entered_stage_at=now, closed_at=now if to.outcome else None,
            lost_reason=_next_step(lost_reason) if to.outcome == "lost" else "",
        )  # fmt: skip
        await store.keep_deal(tx, workspace, moved)
        await store.add_history(tx, workspace, [(moved.id, _entry(moved, principal, now))])
        spent = (now - deal.entered_stage_at).total_seconds()
        await append(tx, *events.stage_changed(principal, now, now, moved, stages[deal.stage], to, spent))
        return moved

    async def update(
        self, principal: Principal, deal_id: str, version: int | None = None, *, name: str | None = None,
        amount: int | None = None, owner: str | None = None, close_date: date | None = None,
        next_step: str | None = None,
    ) -> Deal:  # fmt: skip
        """Changes fields; None leaves one as it is. With `version`, a deal that changed meanwhile is a Conflict."""
        access(principal, "deals:write")
        if owner is not None:
            await self._require_users(principal, [owner])
        async with self._state.begin(principal.tenant) as tx:
            return await self.update_in(
                tx, principal, deal_id, version, name=name, amount=amount, owner=owner, close_date=close_date,
                next_step=next_step,
            )  # fmt: skip

    async def update_in(
        self, tx: Tx, principal: Principal, deal_id: str, version: int | None = None, *, name: str | None = None,
        amount: int | None = None, owner: str | None = None, close_date: date | None = None,
        next_step: str | None = None, channel: str | None = None,
    ) -> Deal:  # fmt: skip
        """As `update`; whoever names an owner here has made sure that it is a user."""
        access(principal, "deals:write")
        workspace, now = principal.tenant.workspace, self._clock.now()
        deal = await _lock(tx, principal, deal_id, version)
        changed = replace(
            deal,
            name=deal.name if name is None else rules.check_name(name),
            amount=deal.amount if amount is None else rules.check_amount(amount),
            owner=deal.owner if owner is None else owner,
            close_date=deal.close_date if close_date is None else rules.check_close_date(close_date),
            next_step=deal.next_step if next_step is None else _next_step(next_step),
            channel=deal.channel if channel is None else channel,
        )
        if changed == deal:
            return deal
        fields = [field for field in Deal.__slots__ if getattr(changed, field) != getattr(deal, field)]
        before = {field: _plain(getattr(deal, field)) for field in fields}
        changed = replace(changed, version=deal.version + 1, changed_at=now)
        await store.keep_deal(tx, workspace, changed)
        if {"amount", "close_date"} & set(fields):
            await store.add_history(tx, workspace, [(changed.id, _entry(changed, principal, now))])
        stage = (await store.stages(tx, workspace))[changed.stage]
        more = {"changed": fields, "before": before}
        await append(tx, events.deal_event(principal, events.DEAL_CHANGED, now, now, changed, stage, more))
        return changed

    async def set_team(self, principal: Principal, deal_id: str, members: Sequence[TeamMember]) -> Deal:
        """Makes exactly these users the deal's team; the event says who joined and who left."""
        access(principal, "deals:write")
        if len(members) > _TEAM_LIMIT:
            raise Invalid(f"A team has at most {_TEAM_LIMIT} members.", field="team")
        await self._require_users(principal, [member.user for member in members])
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            deal = await _lock(tx, principal, deal_id, None)
            await store.drop_team(tx, workspace, deal.id)
            await store.add_team(tx, workspace, [(deal.id, member.user, member.role) for member in members])
            team = tuple(sorted({member.user for member in members}))
            changed = replace(deal, team=team, version=deal.version + 1, changed_at=now)
            await store.keep_deal(tx, workspace, changed)
            stage = (await store.stages(tx, workspace))[changed.stage]
            more = {"joined": sorted(set(team) - set(deal.team)), "left": sorted(set(deal.team) - set(team))}
            await append(tx, events.deal_event(principal, events.DEAL_TEAM_CHANGED, now, now, changed, stage, more))
        return changed

    async def bulk_load(
        self, principal: Principal, accounts: Sequence[LoadedAccount], deals: Sequence[LoadedDeal]
    ) -> Loaded:
        """Brings a past in: accounts and deals with every stage they entered, each event at its own time.

        All or nothing. What is known by its external id is left alone, so a second run adds nothing. The events say
        `loaded: true`, by which automations tell yesterday from today.
        """
        access(principal, "deals:write")
        async with self._state.begin(principal.tenant) as tx:
            return await loading.load(tx, principal, self._clock.now(), accounts, deals)

    async def _require_users(self, principal: Principal, ids: Sequence[str]) -> None:
        known = {user.id for user in await self._governance.users(principal.tenant) if not user.deleted}
        for user in ids:
            if user not in known:
                raise Invalid(f"There is no user {user!r} in this workspace.", field="user")


async def _account(tx: Tx, principal: Principal, account_id: str) -> Account:
    found = await store.account(tx, principal.tenant.workspace, full_id(account_id))
    if found is None:
        raise NotFound("There is no such account.", field="account")
    return found


async def _lock(tx: Tx, principal: Principal, deal_id: str, version: int | None) -> Deal:
    deal = await store.lock_deal(tx, principal.tenant.workspace, full_id(deal_id))
    if deal is None:
        raise NotFound("There is no such deal.", field="deal")
    if version is not None and version != deal.version:
        raise Conflict("The deal changed since you read it.", field="version", data={"version": deal.version})
    return deal


def _entry(deal: Deal, principal: Principal, now: datetime) -> HistoryEntry:
    return HistoryEntry(
        deal.version, now, principal.actor, deal.stage, deal.probability, deal.amount, deal.currency, deal.close_date
    )


def _lane(stage: Stage, deals: Sequence[Deal]) -> Lane:
    amounts: dict[str, int] = {}
    here = [deal for deal in deals if deal.stage == stage.key]
    for deal in here:
        amounts[deal.currency] = amounts.get(deal.currency, 0) + deal.amount
    return Lane(stage, len(here), amounts)


def _next_step(text: str) -> str:
    text = text.strip()
    if len(text) > _NEXT_STEP_LIMIT:
        raise Invalid(f"At most {_NEXT_STEP_LIMIT} characters.", field="next_step")
    return text


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
