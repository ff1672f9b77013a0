"""Somebody at a customer as a frozen value with its shape, and a contact's part in a deal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dure.deals.record_id import CONTACT as PREFIX
from dure.deals.records.shape import Field, Shape, kept_fields, owner_field

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# What a contact may be to a deal; other words are taken too.
ROLES = ("decision_maker", "champion", "influencer", "user", "buyer", "blocker", "other")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at an account; `account` is "" where nobody knows which."""

    id: str
    account: str
    name: str
    email: str
    title: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    mobile: str = ""
    department: str = ""
    reports_to: str = ""
    lead_source: str = ""
    owner: str = ""
    description: str = ""
    external: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    created_at: datetime = _LONG_AGO
    changed_at: datetime = _LONG_AGO
    deleted_at: datetime | None = None
    account_name: str = ""


@dataclass(frozen=True, slots=True)
class ContactRole:
    """What a contact is to a deal; one of a deal's contacts may be the primary one."""

    id: str
    opportunity: str
    contact: str
    role: str
    is_primary: bool
    created_at: datetime
    name: str = ""
    email: str = ""
    title: str = ""


CONTACT = Shape(
    "contact",
    PREFIX,
    "deals.contact",
    Contact,
    "담당자",
    "Contact",
    (
        Field("name", "text", "이름", "Name", required=True, limit=120),
        Field("first_name", "text", "이름(성 제외)", "First name", limit=80),
        Field("last_name", "text", "성", "Last name", limit=80),
        Field("account", "reference", "고객사", "Account", reference="account"),
        Field("email", "email", "이메일", "Email"),
        Field("title", "text", "직함", "Title"),
        Field("department", "text", "부서", "Department"),
        Field("phone", "phone", "전화", "Phone"),
        Field("mobile", "phone", "휴대전화", "Mobile"),
        Field("reports_to", "reference", "상급자", "Reports to", reference="contact"),
        Field("lead_source", "picklist", "유입 경로", "Lead source",
              options=("web", "referral", "event", "partner", "outbound", "other"), open=True),
        owner_field(),
        Field("description", "long_text", "설명", "Description"),
        Field("account_name", "text", "고객사 이름", "Account name", writable=False),
        *kept_fields(),
    ),
    search=("name", "email", "account_name"),
    joined={"account_name": "coalesce(a.name, '')"},
    joins="left join deals.account a on a.workspace = r.workspace and a.id = r.account",
    nulls=frozenset({"account"}),
)  # fmt: skip

_EAST = re.compile(r"[\u3131-\u318e\uac00-\ud7a3\u3040-\u30ff\u4e00-\u9fff]")


def whole_name(first: str, last: str) -> str:
    """A name out of its parts: the family name first where it is written so, as in Korean."""
    if _EAST.search(first + last):
        return last + first
    return f"{first} {last}".strip()


def name_parts(name: str) -> tuple[str, str]:
    """First and last name of a whole one. A Korean name without a blank stays whole, as the last name."""
    if " " not in name or _EAST.search(name):
        return "", name
    first, _, last = name.rpartition(" ")
    return first, last


def with_name(values: Mapping[str, Any], first: str = "", last: str = "") -> dict[str, Any]:
    """Values in which the whole name and its parts agree; `first` and `last` are what holds until now."""
    made = dict(values)
    if "first_name" in made or "last_name" in made:
        parts = (made.get("first_name", first) or "", made.get("last_name", last) or "")
        made["name"] = whole_name(*parts)
    elif made.get("name"):
        made["first_name"], made["last_name"] = name_parts(made["name"])
    return made
