"""Deals' entrance: deals on the board and the move from stage to stage; and the nouns around them, each by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dure.deals import loading, rules
from dure.deals.accounts.api import Accounts
from dure.deals.accounts.model import ACCOUNT, Account
from dure.deals.contacts.api import Contacts
from dure.deals.contacts.model import Contact
from dure.deals.contacts.role_store import of as roles_of
from dure.deals.contacts.roles import Roles
from dure.deals.daily.api import Daily
from dure.deals.fields.api import Fields
from dure.deals.history.api import History
from dure.deals.imports.api import Imports
from dure.deals.leads.api import Leads
from dure.deals.merge.api import Merges
from dure.deals.merge.duplicates import Duplicates
from dure.deals.model import (
    Board,
    Deal,
    DealDetail,
    Lane,
    Loaded,
    LoadedAccount,
    LoadedDeal,
    Stage,
    TeamMember,
)
from dure.deals.notes.api import Attachments, Notes
from dure.deals.opportunities import store
from dure.deals.opportunities.api import Opportunities
from dure.deals.pipelines.api import Pipelines
from dure.deals.pipelines.store import stages as stages_of
from dure.deals.products.api import Lines, Products
from dure.deals.products.rates import Rates
from dure.deals.products.store import lines as lines_of
from dure.deals.record_id import full_id
from dure.deals.records.listing import Asked
from dure.deals.records.records import Desk, Records
from dure.deals.records.store import several
from dure.deals.shapes import BY_PREFIX, shape_of
from dure.deals.tasks.api import Meetings, Tasks
from dure.deals.views.api import Views
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.state import State, Tx

__all__ = ["Account", "Asked", "Board", "Contact", "Deal", "DealDetail", "Deals", "Lane", "Stage", "TeamMember"]


class Deals:
    """What sales works on. Methods named `…_in` do the same within the caller's transaction.

    Each kind of record is an attribute with the same verbs (`records.Records`): get, page, create, update, delete,
    restore. What only deals do is here.
    """

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        desk = self.desk = Desk(state, clock, governance)
        self.deals = Opportunities(desk)
        self.accounts = Accounts(desk)
        self.contacts = Contacts(desk)
        self.leads = Leads(desk, self.accounts, self.contacts, self.deals)
        self.products = Products(desk)
        self.tasks = Tasks(desk)
        self.meetings = Meetings(desk)
        self.notes = Notes(desk)
        self.attachments = Attachments(desk)
        self.lines = Lines(desk, self.deals)
        self.roles = Roles(desk, self.deals)
        self.pipelines = Pipelines(desk)
        self.fields = Fields(desk)
        self.history = History(desk)
        self.rates = Rates(desk)
        self.views = Views(desk, self.records)
        self.duplicates = Duplicates(desk)
        self.merges = Merges(desk, self.records)
        self.imports = Imports(desk, self.records)
        self.daily = Daily(desk)

    def records(self, object_: str) -> Records[Any]:
        """The noun by its name: account, contact, lead, deal, product, task, meeting, note, attachment."""
        nouns: tuple[Records[Any], ...] = (
            self.deals, self.accounts, self.contacts, self.leads, self.products, self.tasks, self.meetings, self.notes,
            self.attachments,
        )  # fmt: skip
        shape = shape_of(object_)
        return next(one for one in nouns if one.shape is shape)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def stages(self, principal: Principal, *, retired: bool = False) -> list[Stage]:
        """The stages of every pipeline, in order; those out of use only where `retired` asks for them."""
        access(principal, "deals:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await stages_of(tx, principal.tenant.workspace)
        return [stage for stage in found.values() if stage.active or retired]

    async def stages_in(self, tx: Tx, principal: Principal) -> dict[str, Stage]:
        """Every stage by key, retired ones too."""
        access(principal, "deals:read")
        return await stages_of(tx, principal.tenant.workspace)

    async def board(
        self, principal: Principal, *, account: str | None = None, closed_days: int = 90, pipeline: str | None = None
    ) -> Board:
        """Open deals and those closed within `closed_days`, by stage, with each stage's count and sums."""
        access(principal, "deals:read")
        async with self._state.begin(principal.tenant) as tx:
            stages = await stages_of(tx, principal.tenant.workspace)
            found = await self.with_in(tx, principal, account=account, closed_days=closed_days)
        shown = [stage for stage in stages.values() if pipeline in (None, stage.pipeline)]
        found = [deal for deal in found if pipeline in (None, deal.pipeline)]
        standing = {deal.stage for deal in found}
        return Board(
            tuple(_lane(stage, found) for stage in shown if stage.active or stage.key in standing), tuple(found)
        )

    async def with_in(
        self, tx: Tx, principal: Principal, *, account: str | None = None, closed_days: int = 0
    ) -> list[Deal]:
        """Open deals and those closed within `closed_days`, of an account or of all, the nearest close date first."""
        access(principal, "deals:read")
        since = self._clock.now() - timedelta(days=min(max(closed_days, 0), 36_500))
        return await store.board(tx, principal.tenant.workspace, since, full_id(account) if account else None)

    async def one(self, principal: Principal, deal_id: str) -> DealDetail:
        """A deal with its account, contacts, team, lines and history (newest first)."""
        access(principal, "deals:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            deal = await self.deals.get_in(tx, principal, deal_id)
            account = (await several(tx, ACCOUNT, workspace, [deal.account])).get(deal.account)
            return DealDetail(
                deal,
                account,
                tuple(await self.contacts.at_in(tx, principal, deal.account)) if account else (),
                tuple(await store.team(tx, workspace, deal.id)),
                tuple(await store.history(tx, workspace, deal.id)),
                tuple(await roles_of(tx, workspace, deal.id)),
                tuple(await lines_of(tx, workspace, deal.id)),
            )

    async def team_in(self, tx: Tx, principal: Principal, deal_id: str) -> list[str]:
        """User ids of owner and team, the owner first."""
        deal = await self.deals.get_in(tx, principal, deal_id)
        return [deal.owner, *(user for user in deal.team if user != deal.owner)]

    async def owner_of_in(self, tx: Tx, principal: Principal, record_id: str) -> str:
        """Whose a record is, "" where it has no owner or there is none."""
        shape = BY_PREFIX.get(record_id[:3])
        if shape is None:
            return ""
        return str(getattr(await self.records(shape.object).get_in(tx, principal, record_id), "owner", ""))

    # -- changing ---------------------------------------------------------------------------------------------------

    async def create(
        self, principal: Principal, name: str, account: str, amount: int, close_date: date, *, currency: str = "",
        stage: str = "", owner: str = "", next_step: str = "", team: Sequence[str] = (), external: str = "",
        pipeline: str = "", custom: Mapping[str, Any] | None = None, **more: Any,
    ) -> Deal:  # fmt: skip
        """A new deal; `account` is "" where nobody knows it yet. What else it may be given are the fields of a deal."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.deals.create_in(tx, principal, {
                "name": name, "account": account, "amount": amount, "close_date": close_date, "currency": currency,
                "stage": stage, "owner": owner, "next_step": next_step, "team": team, "external": external,
                "pipeline": pipeline, "custom": custom or {}, **more,
            })  # fmt: skip

    async def move(
        self, principal: Principal, deal_id: str, stage: str, version: int | None = None, *, lost_reason: str = ""
    ) -> Deal:
        """Moves a deal to a stage. With `version`, one that changed since it was read is a Conflict; a stage that
        requires what the deal lacks is Invalid and names each field.

        A move to where it stands changes nothing and writes nothing.
        """
        async with self._state.begin(principal.tenant) as tx:
            return await self.move_in(tx, principal, deal_id, stage, version, lost_reason=lost_reason)

    async def move_in(
        self, tx: Tx, principal: Principal, deal_id: str, stage: str, version: int | None = None, *,
        lost_reason: str = "",
    ) -> Deal:  # fmt: skip
        access(principal, "deals:write")
        stages = await stages_of(tx, principal.tenant.workspace)
        given: dict[str, Any] = {"stage": rules.stage_of(stages, stage).key}
        deal = await self.deals.lock_in(tx, principal, deal_id, version)
        if deal.stage == stage:
            return deal
        if lost_reason:
            given["lost_reason"] = lost_reason
        return await self.deals.update_in(tx, principal, deal_id, given)

    async def update(self, principal: Principal, deal_id: str, version: int | None = None, **fields: Any) -> Deal:
        """Changes fields; None leaves one as it is. With `version`, a deal that changed meanwhile is a Conflict."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.update_in(tx, principal, deal_id, version, **fields)

    async def update_in(
        self, tx: Tx, principal: Principal, deal_id: str, version: int | None = None, **fields: Any
    ) -> Deal:
        given = {name: value for name, value in fields.items() if value is not None}
        return await self.deals.update_in(tx, principal, deal_id, given, version)

    async def set_team(self, principal: Principal, deal_id: str, members: Sequence[TeamMember]) -> Deal:
        """Makes exactly these users the deal's team; the event says who joined and who left."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.deals.set_team_in(tx, principal, deal_id, members)

    async def create_account(self, principal: Principal, name: str, **fields: Any) -> Account:
        """A new customer. An external id that is known already is a Conflict."""
        return await self.accounts.create(principal, name=name, **fields)

    async def create_contact(self, principal: Principal, account_id: str, name: str, **fields: Any) -> Contact:
        return await self.contacts.create(principal, account=account_id, name=name, **fields)

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


def _lane(stage: Stage, deals: Sequence[Deal]) -> Lane:
    amounts: dict[str, int] = {}
    here = [deal for deal in deals if deal.stage == stage.key]
    for deal in here:
        amounts[deal.currency] = amounts.get(deal.currency, 0) + deal.amount
    return Lane(stage, len(here), amounts)
