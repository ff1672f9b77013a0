"""What currencies are worth: dated rates to the workspace's own, for sums over deals of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from dure.deals.events import RATES_CHANGED
from dure.deals.products import store
from dure.deals.records.records import Desk
from dure.deals.rules import check_currency, decimals
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Invalid, NotFound
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Rate:
    """From `day` on one major unit of `currency` is worth `rate` of the workspace's, until the next one's day."""

    currency: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts in one currency: `amount` in minor units, and the currencies that have no rate and are not in it."""

    currency: str
    amount: int
    missing: tuple[str, ...] = ()


class Rates:
    """The workspace's table of rates."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def all(self, principal: Principal) -> list[Rate]:
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            rows = await store.rates(tx, principal.tenant.workspace)
        return [Rate(row["currency"], row["day"], row["rate"]) for row in rows]

    async def set(self, principal: Principal, rates: Sequence[tuple[str, date, str | float]]) -> list[Rate]:
        """Adds rates, or corrects those of the same day: (currency, day, rate) each."""
        access(principal, "deals:configure")
        made = [Rate(check_currency(code), day, _rate(worth)) for code, day, worth in rates]
        async with self._desk.state.begin(principal.tenant) as tx:
            await store.set_rates(tx, principal.tenant.workspace, [(one.currency, one.day, one.rate) for one in made])
            facts = {"rates": [{"currency": r.currency, "day": r.day.isoformat(), "rate": str(r.rate)} for r in made]}
            await self._tell(tx, principal, facts)
        return made

    async def drop(self, principal: Principal, currency: str, day: date) -> None:
        access(principal, "deals:configure")
        async with self._desk.state.begin(principal.tenant) as tx:
            if not await store.drop_rate(tx, principal.tenant.workspace, currency, day):
                raise NotFound("There is no such rate.", field="currency")
            await self._tell(tx, principal, {"dropped": {"currency": currency, "day": day.isoformat()}})

    async def sum(self, principal: Principal, amounts: Mapping[str, int], day: date | None = None) -> Sum:
        """Minor units by currency, together in the workspace's currency at the rates of a day (today's)."""
        access(principal, "deals:read")
        home = (await self._desk.governance.workspace(principal.tenant)).currency
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.sum_in(tx, principal, amounts, home, day or self._desk.clock.now().date())

    async def sum_in(self, tx: Tx, principal: Principal, amounts: Mapping[str, int], home: str, day: date) -> Sum:
        rows = await store.rates(tx, principal.tenant.workspace) if set(amounts) - {home} else []
        worth: dict[str, Decimal] = {home: Decimal(1)}
        for row in rows:
            if row["day"] <= day:
                worth.setdefault(row["currency"], row["rate"])
        total = sum(
            (
                Decimal(amount).scaleb(-decimals(code)) * worth[code]
                for code, amount in amounts.items()
                if code in worth
            ),
            Decimal(0),
        )
        return Sum(home, round(total.scaleb(decimals(home))), tuple(sorted(set(amounts) - set(worth))))

    async def _tell(self, tx: Tx, principal: Principal, facts: dict[str, Any]) -> None:
        now = self._desk.clock.now()
        await append(tx, act(principal, "deals", RATES_CHANGED, "rates", principal.tenant.workspace, facts, now))


def _rate(told: str | float) -> Decimal:
    try:
        rate = Decimal(str(told))
    except InvalidOperation:
        raise Invalid("`rate` is a number.", field="rate") from None
    if not rate.is_finite() or not Decimal("0.0000000001") <= rate <= Decimal(10**9):
        raise Invalid("`rate` is more than 0.", field="rate")
    return rate
