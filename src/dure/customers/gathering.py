"""What is gathered of the slices for the pages: in sets, in one transaction, by the caller's rights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.automation.plugs import Lookup
from dure.channels.customer.api import CustomerRooms, Place, Question
from dure.deals.api import Asked, Deal, Deals
from dure.deals.health.api import DealHealth
from dure.deals.relations.api import Relations
from dure.governance.api import Governance, Principal, Role, User, access, allowed
from dure.kernel.errors import NotAllowed
from dure.kernel.filters import Filter
from dure.pacing.api import Pacing
from dure.pacing.model import Row as LineRow
from dure.social.api import Social
from dure.state import Tx

MOST = 1000


@dataclass(frozen=True)
class Sources:
    """The slices that are asked; `accounts` says what sales know of accounts by id."""

    governance: Governance
    rooms: CustomerRooms
    deals: Deals
    health: DealHealth
    relations: Relations
    pacing: Pacing
    social: Social
    accounts: Lookup


@dataclass(frozen=True)
class Gathered:
    """All of it by account. `lines` is None where the caller may not see deliveries."""

    accounts: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, Sequence[Place]]
    questions: Mapping[str, Sequence[Question]]
    deals: Mapping[str, Sequence[Deal]]
    health: Mapping[str, Mapping[str, Any]]
    relations: Mapping[str, Mapping[str, Any]]
    lines: Mapping[str, Sequence[LineRow]] | None
    users: Mapping[str, User]

    def name_of(self, user: str) -> str:
        found = self.users.get(user)
        return (found.display or found.name) if found else ""


def may_look(principal: Principal) -> None:
    """Customers are for one's own people: who sells to them and who works for them. Raises NotAllowed."""
    access(principal, "channels:read")
    access(principal, "deals:read")
    if principal.role is Role.GUEST:
        raise NotAllowed("Guests do not see customers.", data={"right": "deals:read"})


async def gather(sources: Sources, tx: Tx, principal: Principal, account: str = "") -> Gathered:
    """Of one customer, or of all: whoever has a channel that the caller sees, an open deal, or is called a customer."""
    only = [account] if account else None
    standing = await sources.rooms.standing_in(tx, principal, only)
    places, whose = defaultdict(list), {}
    for place in standing.places:
        places[place.account].append(place)
        whose[place.channel] = place.account
    questions = defaultdict(list)
    for question in standing.questions:
        questions[whose[question.channel]].append(question)
    deals = defaultdict(list)
    for deal in await sources.deals.with_in(tx, principal, account=account or None, closed_days=90 if account else 0):
        if deal.account:
            deals[deal.account].append(deal)
    shown = [deal.id for found in deals.values() for deal in found] if account else None
    health = {one["deal"]: one for one in await sources.health.of_in(tx, principal, shown)}
    relations = {one["account"]: one for one in await sources.relations.listed_in(tx, principal)}
    ids = [account] if account else [*dict.fromkeys([*places, *deals])]
    accounts = dict(await sources.accounts(tx, principal.tenant, ids))
    if not account:
        accounts |= await _customers(sources, tx, principal)
    users = {user.id: user for user in await sources.governance.users_in(tx, principal.tenant)}
    return Gathered(
        accounts, places, questions, deals, health, relations, await _lines(sources, tx, principal, accounts), users
    )  # fmt: skip


async def _customers(sources: Sources, tx: Tx, principal: Principal) -> dict[str, Mapping[str, Any]]:
    """Those whom sales call a customer, with or without a deal at the moment."""
    asked = Asked(filters=[Filter("type", "=", "customer")], sort="name", limit=MOST)
    page = await sources.deals.accounts.page_in(
        tx, principal, asked, await sources.deals.accounts.seen_in(tx, principal)
    )
    return {
        one.id: {"account": one.id, "name": one.name, "industry": one.industry, "owner": one.owner}
        for one in page.records
    }


async def _lines(
    sources: Sources, tx: Tx, principal: Principal, accounts: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Sequence[LineRow]] | None:
    """Line items by account: by its id, else by its name, under which ad servers know it."""
    if not allowed(principal, "pacing:read"):
        return None
    named = {str(known.get("name", "")).casefold(): one for one, known in accounts.items()}
    found = defaultdict(list)
    for row in await sources.pacing.list_in(tx, principal):
        whose = row.item.account if row.item.account in accounts else named.get(row.item.account_name.casefold(), "")
        if whose:
            found[whose].append(row)
    return found
