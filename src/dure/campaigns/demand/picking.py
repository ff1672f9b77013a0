"""People picked by hand: ids, addresses, or the text of a list as one copies it out of a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from dure.campaigns.plugs import Known
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.state import Tx

MOST = 20_000
MOST_ADDRESSES = 1_000
_HEADS = (
    "person_id",
    "person",
    "distinct_id",
    "user_id",
    "userid",
    "id",
    "email",
    "e-mail",
    "이메일",
    "아이디",
    "사용자",
)


class Found(Protocol):
    """Somebody whom a search found."""

    @property
    def person(self) -> Known: ...


class Finder(Protocol):
    """Finds people by what is known of them; `people.api.People` is one."""

    async def known(self, tx: Tx, tenant: Tenant, people: Sequence[UUID]) -> Mapping[UUID, Known]: ...

    async def find(self, principal: Principal, text: str = "", limit: int = 50, offset: int = 0) -> Sequence[Found]: ...


def lines_of(given: Sequence[str] | str) -> list[str]:
    """What was written, each once and in order. Of a sheet the column counts whose head names people, else the
    first."""
    if not isinstance(given, str):
        found = [one.strip() for one in given]
    else:
        first = given.lstrip("\ufeff").strip().split("\n", 1)[0]
        split = next((mark for mark in ("\t", ";", ",") if mark in first), ",")
        rows = [row for row in csv.reader(io.StringIO(given.lstrip("\ufeff").strip()), delimiter=split) if row]
        heads = [cell.strip().lower() for cell in rows[0]] if rows else []
        column = next((heads.index(head) for head in _HEADS if head in heads), None)
        if column is None and len(rows) == 1:
            found = [cell.strip() for cell in rows[0]]  # one line of names
        else:
            body = rows[1:] if column is not None else rows
            found = [row[column or 0].strip() for row in body if len(row) > (column or 0)]
    found = list(dict.fromkeys(one for one in found if one))
    if len(found) > MOST:
        raise Invalid(f"At most {MOST:,} people by hand; name more of them by a rule.", field="people")
    return found


async def picked(
    tx: Tx, finder: Finder, principal: Principal, given: Sequence[str] | str
) -> tuple[list[UUID], list[str]]:
    """The people meant, under the ids they have now, and what nobody is known by."""
    lines = lines_of(given)
    addresses = [one for one in lines if "@" in one]
    if len(addresses) > MOST_ADDRESSES:
        raise Invalid(f"At most {MOST_ADDRESSES:,} by e-mail address; ids are found faster.", field="people")
    ids = {one: _person(principal.tenant.workspace, one) for one in lines}
    known = await finder.known(tx, principal.tenant, list(ids.values()))
    people: dict[UUID, None] = {}
    unknown: list[str] = []
    for one in lines:
        found = known.get(ids[one])
        if found is None and "@" in one:
            found = await _by_address(finder, principal, one)
        if found is None:
            unknown.append(one)
        else:
            people[found.id] = None
    return list(people), unknown


async def _by_address(finder: Finder, principal: Principal, address: str) -> Known | None:
    for found in await finder.find(principal, address, 5):
        if str(found.person.traits.get("email") or "").lower() == address.lower():
            return found.person
    return None


def _person(workspace: str, one: str) -> UUID:
    try:
        return UUID(one)
    except ValueError:
        return person_id(workspace, one)
