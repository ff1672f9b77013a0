"""What contacts are to a deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dure.deals.contacts.model import CONTACT, ContactRole
from dure.deals.contacts.role_store import add, drop, of
from dure.deals.opportunities.api import Opportunities
from dure.deals.pipelines.store import stages
from dure.deals.record_id import CONTACT_ROLE, full_id, new_id
from dure.deals.records import keeping, store
from dure.deals.records.records import Desk
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.state import Tx

_MOST = 100


@dataclass(frozen=True, slots=True)
class NewRole:
    """A contact (its id), what it is to the deal, and whether it is the primary one."""

    contact: str
    role: str = ""
    is_primary: bool = False


class Roles:
    """Who of the customer takes part in a deal; each change is one *Deal Changed*."""

    def __init__(self, desk: Desk, deals: Opportunities) -> None:
        self._desk = desk
        self._deals = deals

    async def of(self, principal: Principal, deal_id: str) -> list[ContactRole]:
        """The primary one first."""
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.of_in(tx, principal, deal_id)

    async def of_in(self, tx: Tx, principal: Principal, deal_id: str) -> list[ContactRole]:
        deal = await self._deals.get_in(tx, principal, deal_id)
        return await of(tx, principal.tenant.workspace, deal.id)

    async def set(self, principal: Principal, deal_id: str, roles: Sequence[NewRole]) -> list[ContactRole]:
        """Makes exactly these the deal's contacts."""
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.set_in(tx, principal, deal_id, roles)

    async def set_in(self, tx: Tx, principal: Principal, deal_id: str, roles: Sequence[NewRole]) -> list[ContactRole]:
        access(principal, "deals:write")
        workspace, now = principal.tenant.workspace, self._desk.clock.now()
        wanted = {full_id(one.contact): replace(one, role=" ".join(one.role.split())[:80]) for one in roles}
        if len(wanted) > _MOST:
            raise Invalid(f"A deal has at most {_MOST} contacts.", field="roles")
        if sum(one.is_primary for one in wanted.values()) > 1:
            raise Invalid("Only one contact is the primary one.", field="is_primary")
        deal = await self._deals.lock_in(tx, principal, deal_id, None)
        known = await store.several(tx, CONTACT, workspace, list(wanted))
        for contact in wanted:
            if contact not in known:
                raise Invalid(f"There is no contact {contact!r}.", field="contact")
        was = {one.contact: one for one in await of(tx, workspace, deal.id)}
        made = [
            ContactRole(
                was[contact].id if contact in was else new_id(CONTACT_ROLE), deal.id, contact, one.role,
                one.is_primary, was[contact].created_at if contact in was else now,
            )
            for contact, one in wanted.items()
        ]  # fmt: skip
        told = {(one.contact, one.role, one.is_primary) for one in made}
        if told == {(one.contact, one.role, one.is_primary) for one in was.values()}:
            return list(was.values())
        gone = [one.id for contact, one in was.items() if contact not in wanted]
        await drop(tx, workspace, gone)
        await store.bury(tx, workspace, "contact_role", gone, now, principal.actor)
        await add(tx, workspace, made)
        after = replace(deal, version=deal.version + 1, changed_at=now)
        await keeping.write(tx, workspace, self._deals.shape, {}, deal, after)
        more = {
            "contact_roles": [{"contact": one.contact, "role": one.role, "primary": one.is_primary} for one in made]
        }
        await self._deals.told_in(tx, principal, deal, now, await stages(tx, workspace), more)
        return await of(tx, workspace, deal.id)
