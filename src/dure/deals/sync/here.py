"""This side of the sync, in Salesforce's words: the same as its door says them, so that both sides compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.deals.records.records import Desk
from dure.deals.salesforce.desk import View, view
from dure.deals.salesforce.ids import user_outside
from dure.deals.salesforce.reading import answered
from dure.deals.salesforce.writing import Writing
from dure.deals.sync import store
from dure.deals.sync.fields import REFERENCES
from dure.governance.api import Principal, Role
from dure.state import Tx

_VERSION = "59.0"


@dataclass(frozen=True, slots=True)
class Ours:
    """A record of this side."""

    id: str
    stamp: str
    values: Mapping[str, Any]


class Here:
    def __init__(self, desk: Desk, writing: Writing) -> None:
        self.desk = desk
        self.writing = writing

    async def view(self, tx: Tx, principal: Principal) -> View:
        return await view(self.desk, tx, principal)

    async def read(
        self, tx: Tx, principal: Principal, seen: View, object_: str, fields: Sequence[str], ids: Iterable[str]
    ) -> dict[str, Ours]:
        """Records by id; what was deleted is not among them."""
        among = ", ".join(f"'{one}'" for one in ids)
        if not among:
            return {}
        text = f"SELECT Id, SystemModstamp, {', '.join(fields)} FROM {object_} WHERE Id IN ({among})"
        return {one.id: one for one in await self._ask(tx, principal, seen, text, fields)}

    async def changed(
        self, tx: Tx, principal: Principal, seen: View, object_: str, fields: Sequence[str], since: str,
        after: tuple[str, str] | None, limit: int,
    ) -> list[Ours]:  # fmt: skip
        """By stamp and id."""
        where = place(since, after)
        text = (
            f"SELECT Id, SystemModstamp, {', '.join(fields)} FROM {object_} {where}"
            f" ORDER BY SystemModstamp, Id LIMIT {limit}"
        )
        return await self._ask(tx, principal, seen, text, fields)

    async def people(self, tx: Tx, principal: Principal) -> tuple[dict[str, str], str]:
        """Ids by e-mail in small letters, and whose a record is that has no owner here: the first owner's."""
        users = await self.desk.governance.users_in(tx, principal.tenant)
        there = {user.email.lower(): user_outside(user.id) for user in users if user.email and not user.deleted}
        first = next(user for user in users if user.role is Role.OWNER and not user.deleted)
        return there, user_outside(first.id)

    async def _ask(self, tx: Tx, principal: Principal, seen: View, text: str, fields: Sequence[str]) -> list[Ours]:
        found = await answered(self.desk, tx, principal, seen, text, _VERSION)
        return [Ours(one["Id"], one["SystemModstamp"], {name: one[name] for name in fields}) for one in found]


def place(since: str, after: tuple[str, str] | None) -> str:
    """WHERE for what changed since a stamp, behind the last one that was read."""
    if after is not None:
        at = literal(after[0])
        return f"WHERE (SystemModstamp > {at} OR (SystemModstamp = {at} AND Id > '{after[1]}'))"
    return f"WHERE SystemModstamp >= {literal(since)}" if since else ""


def literal(stamp: str) -> str:
    """A stamp as a query says it."""
    return stamp.replace("+0000", "Z")


def differs(one: Any, other: Any) -> bool:
    """Nothing and an empty text are the same, and so are 5 and 5.0."""
    return (None if one == "" else one) != (None if other == "" else other)


class People:
    """Who is who on both sides, by e-mail."""

    def __init__(self, here: Mapping[str, str], there: Mapping[str, str]) -> None:
        self._to_there = {ident: there[email] for email, ident in here.items() if email in there}
        self._to_here = {there_id: here_id for here_id, there_id in self._to_there.items()}
        # Ids come with fifteen or eighteen characters.
        self._to_here |= {ident[:15]: own for ident, own in self._to_here.items()}

    async def to_there(self, tx: Tx, workspace: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values with ids as they are there; one that has none there is left out."""
        return await self._turned(tx, workspace, values, "record", self._to_there)

    async def to_here(self, tx: Tx, workspace: str, values: Mapping[str, Any]) -> dict[str, Any]:
        return await self._turned(tx, workspace, values, "remote", self._to_here)

    async def _turned(
        self, tx: Tx, workspace: str, values: Mapping[str, Any], column: str, users: Mapping[str, str]
    ) -> dict[str, Any]:
        made = dict(values)
        for name, target in REFERENCES.items():
            known = made.get(name)
            if not known:
                # Every record has an owner there; nobody's here is nothing to tell.
                if target == "User":
                    made.pop(name, None)
                continue
            if target == "User":
                turned = users.get(known)
            else:
                link = (await store.links(tx, workspace, column, [known])).get(known)
                turned = None if link is None else link.remote if column == "record" else link.record
            if turned:
                made[name] = turned
            else:
                del made[name]
        return made
