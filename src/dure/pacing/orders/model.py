"""Orders as frozen values. Money is in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

OrderState = Literal["active", "closed", "cancelled"]
ORDER_STATES: tuple[OrderState, ...] = get_args(OrderState)


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    name: str
    account: str
    account_name: str
    deal: str
    advertiser: str
    channel: str
    manager: str
    currency: str
    budget: int
    state: OrderState
    external: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What is asked for when an order is made."""

    name: str
    budget: int = 0
    currency: str = ""
    account: str = ""
    account_name: str = ""
    deal: str = ""
    advertiser: str = ""
    channel: str = ""
    manager: str = ""
    external: str = ""
