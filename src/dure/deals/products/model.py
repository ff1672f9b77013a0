"""Products with their prices, and the line items of a deal, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dure.deals.record_id import PRODUCT as PREFIX
from dure.deals.records.shape import Field, Shape, kept_fields


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is sold. `prices` are what one unit costs, in minor units by currency."""

    id: str
    name: str
    created_at: datetime
    changed_at: datetime
    code: str = ""
    family: str = ""
    unit: str = ""
    description: str = ""
    active: bool = True
    external: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None
    prices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineItem:
    """So many units of a product in a deal. `unit_price` and `amount` are minor units of the deal's currency."""

    id: str
    opportunity: str
    product: str
    product_name: str
    quantity: float
    unit_price: int
    currency: str
    amount: int
    description: str
    starts_on: date | None
    ends_on: date | None
    position: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as it is asked for; without a price it costs what the product does in the deal's currency. `id` keeps
    a line that is there already."""

    product: str
    quantity: float = 1.0
    unit_price: int | None = None
    description: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    id: str = ""


PRODUCT = Shape(
    "product",
    PREFIX,
    "deals.product",
    Product,
    "상품",
    "Product",
    (
        Field("name", "text", "이름", "Name", required=True, limit=120),
        Field("code", "text", "코드", "Code", limit=80),
        Field("family", "text", "분류", "Family"),
        Field("unit", "text", "단위", "Unit", limit=40),
        Field("description", "long_text", "설명", "Description"),
        Field("prices", "prices", "가격", "Prices"),
        Field("active", "boolean", "판매 중", "Active"),
        *kept_fields(),
    ),
    search=("name", "code"),
    joined={
        "prices": "coalesce((select jsonb_object_agg(p.currency, p.amount) from deals.price p"
        " where p.workspace = r.workspace and p.product = r.id), '{}')"
    },
)
