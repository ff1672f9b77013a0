"""A customer as a frozen value, and its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.deals.record_id import ACCOUNT as PREFIX
from dure.deals.records.shape import Field, Shape, kept_fields, owner_field


@dataclass(frozen=True, slots=True)
class Account:
    """A customer. `size` is its number of employees; `revenue` is in minor units of `currency`, None where nobody
    knows; `external` is its id in another system, "" without one; `parent` is the account it belongs to."""

    id: str
    name: str
    industry: str
    country: str
    size: int
    domain: str
    external: str
    created_at: datetime
    changed_at: datetime
    owner: str = ""
    type: str = ""
    phone: str = ""
    website: str = ""
    parent: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    revenue: int | None = None
    currency: str = ""
    description: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None


ACCOUNT = Shape(
    "account",
    PREFIX,
    "deals.account",
    Account,
    "고객사",
    "Account",
    (
        Field("name", "text", "이름", "Name", required=True, limit=120),
        Field("domain", "text", "도메인", "Domain"),
        Field("industry", "text", "업종", "Industry"),
        Field("type", "picklist", "유형", "Type", options=("customer", "prospect", "agency", "partner"), open=True),
        owner_field(),
        Field("country", "text", "국가", "Country"),
        Field("size", "number", "직원 수", "Employees", whole=True),
        Field("phone", "phone", "전화", "Phone"),
        Field("website", "url", "웹사이트", "Website"),
        Field("parent", "reference", "모회사", "Parent account", reference="account"),
        Field("street", "text", "주소", "Street"),
        Field("city", "text", "도시", "City"),
        Field("region", "text", "지역", "State or province"),
        Field("postcode", "text", "우편번호", "Postal code", limit=20),
        Field("revenue", "money", "매출", "Annual revenue", nullable=True),
        Field("currency", "currency", "통화", "Currency"),
        Field("description", "long_text", "설명", "Description"),
        *kept_fields(),
    ),
    search=("name", "domain"),
)
