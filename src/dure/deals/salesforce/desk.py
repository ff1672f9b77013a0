"""What every call at this door begins with: who asks, which fields there are, whose day it is."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dure.deals.fields.model import CustomField
from dure.deals.pipelines.store import stages as stages_of
from dure.deals.records.records import Desk
from dure.deals.salesforce import store
from dure.deals.salesforce.catalogue import Catalogue, Field, SObject
from dure.deals.salesforce.ids import organisation_outside
from dure.deals.salesforce.objects.standard import standard, with_fields
from dure.deals.salesforce.objects.words import major
from dure.deals.salesforce.soql.sql import Seat
from dure.governance.api import Principal, Workspace
from dure.state import Tx

_TYPES = {
    "text": "string", "long_text": "textarea", "number": "double", "money": "currency", "percent": "percent",
    "date": "date", "datetime": "datetime", "boolean": "boolean", "picklist": "picklist",
    "multi_picklist": "multipicklist", "url": "url", "email": "email", "phone": "phone", "reference": "reference",
}  # fmt: skip
_CASTS = {
    "double": "::numeric", "percent": "::numeric", "date": "::date", "datetime": "::timestamptz",
    "boolean": "::boolean",
}  # fmt: skip
_OBJECTS = {
    "account": "Account", "contact": "Contact", "lead": "Lead", "deal": "Opportunity", "product": "Product2",
    "task": "Task", "meeting": "Event", "user": "User",
}  # fmt: skip
_LONG = 32_000


@dataclass(frozen=True)
class View:
    """A workspace as this door sees it at one moment."""

    catalogue: Catalogue
    seat: Seat
    space: Workspace
    now: datetime

    def with_deleted(self) -> View:
        return replace(self, seat=replace(self.seat, deleted=True))


async def view(desk: Desk, tx: Tx, principal: Principal) -> View:
    """The catalogue with the workspace's own fields and stages; queries are asked from the seat."""
    workspace = principal.tenant.workspace
    space = await desk.governance.workspace_in(tx, workspace)
    stages = tuple((await stages_of(tx, workspace)).keys())
    own: dict[str, list[Field]] = {}
    for one in await store.fields(tx, workspace):
        own.setdefault(one.object, []).append(_field(one))
    now = desk.clock.now()
    today = now.astimezone(ZoneInfo(space.timezone)).date()
    seat = Seat(workspace, principal.user, today, space.timezone, space.currency)
    base = _standard(stages)
    return View(with_fields(base, own) if own else base, seat, space, now)


async def supplied(desk: Desk, tx: Tx, seen: View, objects: Iterable[SObject]) -> Seat:
    """The seat with what the database of deals does not hold: people, where a query reads them."""
    wanted = {one.supplied for one in objects} - {""}
    supplies: dict[str, str] = {}
    if "users" in wanted:
        users = await desk.governance.users_in(tx, seen.space.tenant)
        supplies["users"] = json.dumps(
            [
                {"id": u.id, "name": u.name, "email": u.email, "title": u.title, "function": u.function,
                 "active": not u.deleted, "language": u.language, "role": u.role.value}
                for u in users
            ]
        )  # fmt: skip
    if "organization" in wanted:
        supplies["organization"] = json.dumps(
            {"id": organisation_outside(seen.space.id), "name": seen.space.name, "language": seen.space.language,
             "currency": seen.space.currency}
        )  # fmt: skip
    return replace(seen.seat, supplies=supplies)


@functools.lru_cache(maxsize=256)
def _standard(stages: tuple[str, ...]) -> Catalogue:
    return standard(stages)


def _field(one: CustomField) -> Field:
    """A field of the workspace's own. Its name was checked when it was made and is checked by the database's rule."""
    type_ = _TYPES[one.type]
    told = f"({{t}}.custom->>'{one.name}')"
    if type_ == "multipicklist":
        sql = f"(select string_agg(x, ';') from jsonb_array_elements_text({{t}}.custom->'{one.name}') as x)"
    elif type_ == "currency":
        sql = major(told, "{t}.currency" if one.object in ("deal", "account") else "%(currency)s")
    else:
        sql = f"{told}{_CASTS.get(type_, '')}"
    refers = (_OBJECTS[one.reference],) if one.reference in _OBJECTS else ()
    return Field(
        one.name, one.label_en, type_, sql, one.name, _LONG if one.type == "long_text" else 255,
        required=one.required, nillable=not one.required, refers=refers,
        relationship=one.name.removesuffix("__c") + "__r" if refers else "", options=one.options,
        restricted=bool(one.options) and type_ == "picklist", external=one.external,
        unique=one.unique or one.external, custom=True,
    )  # fmt: skip
