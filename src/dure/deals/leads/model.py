"""Somebody who may become a customer as a frozen value, and its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.deals.record_id import LEAD as PREFIX
from dure.deals.records.shape import Field, Shape, kept_fields, owner_field

STATUSES = ("Open", "Working", "Qualified", "Unqualified", "Converted")


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody who showed interest. A converted one says what it became and stays as it was."""

    id: str
    name: str
    created_at: datetime
    changed_at: datetime
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    industry: str = ""
    country: str = ""
    size: int = 0
    lead_source: str = ""
    status: str = "Open"
    rating: str = ""
    owner: str = ""
    description: str = ""
    converted_at: datetime | None = None
    converted_account: str = ""
    converted_contact: str = ""
    converted_deal: str = ""
    external: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a lead became: ids; `deal` is "" where none was made."""

    lead: str
    account: str
    contact: str
    deal: str


LEAD = Shape(
    "lead",
    PREFIX,
    "deals.lead",
    Lead,
    "리드",
    "Lead",
    (
        Field("name", "text", "이름", "Name", required=True, limit=120),
        Field("first_name", "text", "이름(성 제외)", "First name", limit=80),
        Field("last_name", "text", "성", "Last name", limit=80),
        Field("company", "text", "회사", "Company", limit=120),
        Field("title", "text", "직함", "Title"),
        Field("email", "email", "이메일", "Email"),
        Field("phone", "phone", "전화", "Phone"),
        Field("website", "url", "웹사이트", "Website"),
        Field("industry", "text", "업종", "Industry"),
        Field("country", "text", "국가", "Country"),
        Field("size", "number", "직원 수", "Employees", whole=True),
        Field("lead_source", "picklist", "유입 경로", "Lead source",
              options=("web", "referral", "event", "partner", "outbound", "other"), open=True),
        Field("status", "picklist", "상태", "Status", options=STATUSES, open=True),
        Field("rating", "picklist", "평가", "Rating", options=("Hot", "Warm", "Cold"), open=True),
        owner_field(),
        Field("description", "long_text", "설명", "Description"),
        Field("converted_at", "datetime", "전환한 때", "Converted", writable=False, nullable=True),
        Field("converted_account", "reference", "전환된 고객사", "Converted account", reference="account",
              writable=False),
        Field("converted_contact", "reference", "전환된 담당자", "Converted contact", reference="contact",
              writable=False),
        Field("converted_deal", "reference", "전환된 거래", "Converted deal", reference="deal", writable=False),
        *kept_fields(),
    ),
    search=("name", "company", "email"),
)  # fmt: skip
