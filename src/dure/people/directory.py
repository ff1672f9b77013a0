"""Accounts: the companies, households and teams that people belong to, by what group calls say of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid, NotFound
from dure.log.api import Log
from dure.people import history, search, store, timeline
from dure.people.model import Account, Changed, Moment, Person
from dure.people.timeline import Wanted
from dure.state import State, Tx

_FURTHEST = 10_000
# Of an account with more people than this the line shows those of whom something was learned last.
LINE_OF = 500


class Directory:
    """Finding accounts, and what is known of one: traits, history, people, one line of what they all did."""

    def __init__(self, state: State, log: Log) -> None:
        self._state = state
        self._log = log

    async def find(self, principal: Principal, text: str = "", limit: int = 50, offset: int = 0) -> list[Account]:
        """By a part of the name, the beginning of the id, and by traits; without a text the latest changed."""
        access(principal, "people:read")
        _bounded(limit, offset)
        async with self._state.begin(principal.tenant) as tx:
            rows = await search.accounts(tx, principal.tenant.workspace, search.terms(text), limit, offset)
        return [Account(**row) for row in rows]

    async def account(self, principal: Principal, id: str) -> Account:
        access(principal, "people:read")
        async with self._state.begin(principal.tenant) as tx:
            return await _account(tx, principal.tenant.workspace, id)

    async def people(self, principal: Principal, id: str, limit: int = 50, offset: int = 0) -> list[Person]:
        """Who belongs to an account, of whom something was learned last first."""
        access(principal, "people:read")
        _bounded(limit, offset)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            await _account(tx, workspace, id)
            rows = await store.people_of_account(tx, workspace, id, limit, offset)
            ids: dict[UUID, list[str]] = {row.id: [row.distinct_id] for row in rows}
            for identity in await store.identities_of(tx, workspace, list(ids)):
                if identity.own != identity.person:
                    ids[identity.person].append(identity.distinct_id)
        return [Person(row.id, tuple(ids[row.id]), row.traits, row.account, row.first_seen) for row in rows]

    async def trait_history(
        self, principal: Principal, id: str, *, trait: str = "", before: datetime | None = None, limit: int = 100
    ) -> list[Changed]:
        """How an account's traits came to be what they are, newest first."""
        access(principal, "people:read")
        _bounded(limit, 0, 500)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            await _account(tx, workspace, id)
            return await history.read(tx, workspace, "account", [id], trait=trait, before=before, limit=limit)

    async def timeline(
        self, principal: Principal, id: str, *, before: datetime | None = None, message: str = "",
        after: datetime | None = None, limit: int = 50, sources: Sequence[str] = (), events: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> list[Moment]:  # fmt: skip
        """What an account's people did and what happened to its deals, newest first; read on as in a person's."""
        access(principal, "people:read")
        _bounded(limit, 0, 500)
        wanted = Wanted(before, message, after, sources, timeline.known_kinds(kinds), events, limit)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            await _account(tx, workspace, id)
            people = [row.id for row in await store.people_of_account(tx, workspace, id, LINE_OF, 0)]
            owns = [row.own for row in await store.identities_of(tx, workspace, people)]
        ids = list(dict.fromkeys([*people, *owns]))
        return (await timeline.moments(self._log, principal.tenant, ids, wanted, id)).moments


async def _account(tx: Tx, workspace: str, id: str) -> Account:
    row = (await store.accounts(tx, workspace, [id])).get(id)
    if row is None:
        raise NotFound("There is no account by that id.", field="id")
    count = await store.count_of_account(tx, workspace, id)
    return Account(id, row.traits, row.first_seen, row.changed_at, count)


def _bounded(limit: int, offset: int, most: int = 200) -> None:
    if not 1 <= limit <= most:
        raise Invalid(f"`limit` is 1 to {most}.", field="limit")
    if not 0 <= offset <= _FURTHEST:
        raise Invalid(f"`offset` is 0 to {_FURTHEST}.", field="offset")
