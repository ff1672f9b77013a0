"""Pasts of deals to learn from: a real one without histories, and made ones whose truth is known."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from dure.deals.winning.past import Act, Known, Tag, Was
from tests.real_data import real

NOW = datetime(2018, 1, 1, tzinfo=UTC)
_OUTCOME = {"Won": True, "Lost": False}


def real_deals(*, amount: str = "list") -> list[Known]:
    """8,300 deals of a hardware firm. Their amount is the product's list price; with `amount="close"` what was written
    at the end, together with the day of the end as the planned one."""
    with gzip.open(real("crm/sales_pipeline.csv.gz"), "rt") as lines:
        rows = [row for row in csv.DictReader(lines) if row["engage_date"]]
    sectors = {row["account"]: row["sector"] for row in _rows("crm/accounts.csv")}
    prices = {row["product"].replace(" ", ""): int(row["sales_price"]) for row in _rows("crm/products.csv")}
    found = []
    for row in rows:
        begun, ended = _day(row["engage_date"]), _day(row["close_date"]) if row["close_date"] else None
        planned = (ended or NOW).date() if amount == "close" else date(2017, 12, 31)
        product = row["product"].replace(" ", "")
        money = int(float(row["close_value"] or 0)) if amount == "close" else prices[product]
        found.append(
            Known(
                row["opportunity_id"], begun, ended, _OUTCOME.get(row["deal_stage"]), [Tag(begun, row["sales_agent"])],
                [Tag(begun, product)], [Tag(begun, row["account"])], [Tag(begun, sectors.get(row["account"], ""))],
                [Was(begun, 25, money, planned)],
            )
        )  # fmt: skip
    return found


def made_deals(count: int, seed: int = 5, *, now: datetime = NOW, open_share: float = 0.15) -> list[Known]:
    """Deals of which the truth is known: owners differ, deals that reach the proposal and whose customers answer are
    won more often, and each slip of the close date costs."""
    random = np.random.default_rng(seed)
    skill = random.normal(0, 0.8, 12)
    found = []
    for number in range(count):
        begun = now - timedelta(days=float(random.uniform(5, 700)))
        owner = int(random.integers(12))
        lively = float(random.normal())
        slips = int(random.poisson(0.7))
        chance = 1 / (1 + np.exp(-(-0.9 + skill[owner] + 1.2 * lively - 0.7 * slips)))
        won = bool(random.random() < chance)
        took = float(random.gamma(4, 12))
        ended = begun + timedelta(days=took)
        amount = int(random.lognormal(17, 0.8))
        planned = (begun + timedelta(days=45)).date()
        was = [Was(begun, 10, amount, planned)]
        for slip in range(slips):
            planned += timedelta(days=20)
            was.append(Was(begun + timedelta(days=took * (0.2 + 0.2 * slip)), 10, amount, planned))
        acts = [
            Act(begun + timedelta(days=took * float(part)), bool(random.random() < 0.5))
            for part in sorted(random.uniform(0.05, 1, max(0, int(6 + 4 * lively))))
        ]
        is_open = ended > now or random.random() < open_share * (begun > now - timedelta(days=90))
        found.append(
            Known(
                f"006{number:06}", begun, None if is_open else ended, None if is_open else won,
                [Tag(begun, f"U{owner}")], [], [Tag(begun, f"001{number % 90}")], [Tag(begun, "")],
                [one for one in was if one.at <= now], [one for one in acts if one.at <= now],
            )
        )  # fmt: skip
    return found


def until(deals: Sequence[Known], at: datetime) -> list[Known]:
    """The same deals as somebody saw them who stood at `at`: nothing of what came later."""
    found = []
    for one in deals:
        if one.created_at > at:
            continue
        later = one.closed_at is None or one.closed_at >= at
        found.append(
            Known(
                one.id, one.created_at, None if later else one.closed_at, None if later else one.won,
                _before(one.owners, at), _before(one.products, at), _before(one.accounts, at),
                _before(one.sectors, at), _before(one.was, at), _before(one.acts, at),
            )
        )  # fmt: skip
    return found


def _before(steps: Sequence[Any], at: datetime) -> list[Any]:
    return [step for step in steps if step.at <= at]


def _rows(name: str) -> list[dict[str, str]]:
    with real(name).open() as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC)
