"""People who may become customers, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dure.deals import events
from dure.deals.accounts.api import Accounts
from dure.deals.contacts.api import Contacts
from dure.deals.contacts.model import with_name
from dure.deals.leads.model import LEAD, Conversion, Lead
from dure.deals.opportunities.api import Opportunities
from dure.deals.records import keeping
from dure.deals.records.records import Desk, Records
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Conflict, Invalid
from dure.state import Tx

_UNTIL_CLOSE = timedelta(days=90)


class Leads(Records[Lead]):
    """Leads. A converted one stays, says what it became, and changes no more."""

    shape = LEAD
    created = events.LEAD_CREATED
    changed = events.LEAD_CHANGED

    def __init__(self, desk: Desk, accounts: Accounts, contacts: Contacts, deals: Opportunities) -> None:
        super().__init__(desk)
        self._accounts = accounts
        self._contacts = contacts
        self._deals = deals

    async def convert(
        self, principal: Principal, lead_id: str, *, account: str = "", contact: str = "", deal: bool = True,
        deal_name: str = "", amount: int = 0, currency: str = "", close_date: date | None = None, stage: str = "",
        owner: str = "",
    ) -> Conversion:  # fmt: skip
        """Makes an account, a contact and a deal of a lead. `account` and `contact` name those that are there already;
        a field of theirs that is empty is filled from the lead. Without `deal` none is made."""
        async with self.desk.state.begin(principal.tenant) as tx:
            return await self.convert_in(
                tx, principal, lead_id, account=account, contact=contact, deal=deal, deal_name=deal_name,
                amount=amount, currency=currency, close_date=close_date, stage=stage, owner=owner,
            )  # fmt: skip

    async def convert_in(
        self, tx: Tx, principal: Principal, lead_id: str, *, account: str = "", contact: str = "", deal: bool = True,
        deal_name: str = "", amount: int = 0, currency: str = "", close_date: date | None = None, stage: str = "",
        owner: str = "",
    ) -> Conversion:  # fmt: skip
        access(principal, "deals:write")
        now = self.desk.clock.now()
        lead = await self.lock_in(tx, principal, lead_id, None)
        if lead.converted_at is not None:
            raise Conflict("The lead is converted already.", data={"account": lead.converted_account})
        if not account and not lead.company:
            raise Invalid("A lead without a company needs an account to go to.", field="account")
        owner = owner or lead.owner or principal.user
        customer = await self._fill(tx, principal, self._accounts, account, {
            "name": lead.company, "industry": lead.industry, "country": lead.country, "size": lead.size,
            "website": lead.website, "phone": lead.phone, "owner": owner,
        })  # fmt: skip
        person = await self._fill(tx, principal, self._contacts, contact, {
            "account": customer, "name": lead.name, "first_name": lead.first_name, "last_name": lead.last_name,
            "email": lead.email, "title": lead.title, "phone": lead.phone, "lead_source": lead.lead_source,
            "owner": owner,
        })  # fmt: skip
        made = ""
        if deal:
            asked: dict[str, Any] = {
                "name": deal_name or lead.company or lead.name, "account": customer, "amount": amount,
                "close_date": close_date or (now + _UNTIL_CLOSE).date(), "owner": owner,
                "lead_source": lead.lead_source,
            }  # fmt: skip
            asked |= {name: value for name, value in (("currency", currency), ("stage", stage)) if value}
            made = (await self._deals.create_in(tx, principal, asked)).id
        after = replace(
            lead, status="Converted", converted_at=now, converted_account=customer, converted_contact=person,
            converted_deal=made, version=lead.version + 1, changed_at=now,
        )  # fmt: skip
        await keeping.change(tx, principal, LEAD, {}, lead, after, now)
        became = {"became_account": customer, "became_contact": person, "became_deal": made}
        facts = {"lead": lead.id, **self._facts(after), **became}
        await append(tx, act(principal, "deals", events.LEAD_CONVERTED, "lead", lead.id, facts, now, account=customer))
        return Conversion(lead.id, customer, person, made)

    async def _fill(
        self, tx: Tx, principal: Principal, records: Accounts | Contacts, known: str, told: Mapping[str, Any]
    ) -> str:
        """The id of a record that is there, its empty fields filled, or of one made of what the lead tells."""
        told = {name: value for name, value in told.items() if value}
        if not known:
            return str((await records.create_in(tx, principal, told)).id)
        there = await records.get_in(tx, principal, known)
        wanted = {name: value for name, value in told.items() if not getattr(there, name)}
        if wanted:
            await records.update_in(tx, principal, known, wanted)
        return str(there.id)

    def _asked(self, given: Mapping[str, Any], before: Lead | None) -> Mapping[str, Any]:
        if before is None:
            return with_name(given)
        if before.converted_at is not None:
            raise Conflict("The lead is converted; change what it became.")
        return with_name(given, before.first_name, before.last_name)

    def _make(self, principal: Principal, known: Mapping[str, Any], now: Any) -> Lead:
        told = {**known, "owner": known.get("owner") or principal.user, "status": known.get("status") or "Open"}
        return super()._make(principal, told, now)

    def _facts(self, record: Lead) -> dict[str, Any]:
        return {
            "name": record.name, "company": record.company, "email": record.email, "phone": record.phone,
            "title": record.title, "status": record.status, "lead_source": record.lead_source,
            "country": record.country, "owner": record.owner, "path": f"/deals/leads/{record.id}",
        }  # fmt: skip
