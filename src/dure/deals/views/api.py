"""Lists that people keep, and what they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.deals.events import VIEW_DELETED, VIEW_SAVED
from dure.deals.record_id import VIEW, full_id, new_id
from dure.deals.records import filters, intake, listing
from dure.deals.records.listing import Asked, Page
from dure.deals.records.records import Desk, Records
from dure.deals.shapes import shape_of
from dure.deals.views import store
from dure.deals.views.model import View
from dure.feed.api import append
from dure.governance.api import Principal, access, allowed
from dure.governance.events import act
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.kernel.filters import Filter, read_filters
from dure.state import Tx

_COLUMNS = 60


class Views:
    """Saved views. What one shows is asked of the records as anybody's list is, under the rights of who looks."""

    def __init__(self, desk: Desk, records: Callable[[str], Records[Any]]) -> None:
        self._desk = desk
        self._records = records

    async def all(self, principal: Principal, object_: str = "") -> list[View]:
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            return await store.all_of(tx, principal.tenant.workspace, principal.user, object_)

    async def save(
        self, principal: Principal, object: str, name: str, *, filters: Sequence[Mapping[str, Any] | Filter] = (),
        columns: Sequence[str] = (), sort: str = "", shared: bool = False,
    ) -> View:  # fmt: skip
        """Keeps a list; Invalid names a field that records of this kind do not have."""
        access(principal, "deals:write")
        now = self._desk.clock.now()
        shape_of(object)
        made = View(
            new_id(VIEW), object, _name(name), principal.user, shared, read_filters(list(filters), "filters"),
            tuple(dict.fromkeys(columns)), sort, now, now,
        )  # fmt: skip
        async with self._desk.state.begin(principal.tenant) as tx:
            await self._keep(tx, principal, made)
        return made

    async def change(self, principal: Principal, view_id: str, **given: Any) -> View:
        access(principal, "deals:write")
        async with self._desk.state.begin(principal.tenant) as tx:
            before = await self._own(tx, principal, view_id)
            told = {name: value for name, value in given.items() if value is not None}
            if "name" in told:
                told["name"] = _name(told["name"])
            if "filters" in told:
                told["filters"] = read_filters(list(told["filters"]), "filters")
            if "columns" in told:
                told["columns"] = tuple(dict.fromkeys(told["columns"]))
            after = replace(before, **told)
            if after != before:
                after = replace(after, changed_at=self._desk.clock.now())
                await self._keep(tx, principal, after)
        return after

    async def delete(self, principal: Principal, view_id: str) -> None:
        access(principal, "deals:write")
        async with self._desk.state.begin(principal.tenant) as tx:
            view = await self._own(tx, principal, view_id)
            await store.drop(tx, principal.tenant.workspace, view.id)
            await append(tx, self._event(principal, VIEW_DELETED, view))

    async def look(
        self, principal: Principal, view_id: str, *, search: str = "", limit: int = 50, after: str = "",
        totals: bool = False,
    ) -> tuple[View, Page[Any]]:  # fmt: skip
        """A page of what a view shows to whoever looks: `me` in its filters is them."""
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            view = await self._seen(tx, principal, view_id)
        asked = Asked(view.filters, search, view.sort or "-changed_at", limit, after, totals=totals)
        return view, await self._records(view.object).page(principal, asked)

    async def _keep(self, tx: Tx, principal: Principal, view: View) -> None:
        shape = shape_of(view.object)
        fields = await intake.fields_of(tx, principal.tenant.workspace, shape)
        # Compiled only to be judged: a view that makes no sense is refused when it is saved, not when it is looked at.
        filters.where(shape, fields, view.filters, filters.Seen(principal.user, self._desk.clock.now().date()))
        listing.order_of(shape, fields, Asked(sort=view.sort or "-changed_at"))
        if len(view.columns) > _COLUMNS:
            raise Invalid(f"A view has at most {_COLUMNS} columns.", field="columns")
        for name in view.columns:
            if name not in fields:
                raise Invalid(f"A {view.object} has no field {name!r}.", field="columns")
        await store.keep(tx, principal.tenant.workspace, view)
        await append(tx, self._event(principal, VIEW_SAVED, view))

    async def _seen(self, tx: Tx, principal: Principal, view_id: str) -> View:
        found = await store.one(tx, principal.tenant.workspace, full_id(view_id))
        if found is None or not (found.shared or found.owner == principal.user):
            raise NotFound("There is no such view.", field="view")
        return found

    async def _own(self, tx: Tx, principal: Principal, view_id: str) -> View:
        found = await self._seen(tx, principal, view_id)
        if found.owner != principal.user and not allowed(principal, "deals:configure"):
            raise NotAllowed("A shared view is changed by who made it.")
        return found

    def _event(self, principal: Principal, name: str, view: View) -> Any:
        facts = {"view": view.id, "object": view.object, "name": view.name, "shared": view.shared}
        return act(principal, "deals", name, "view", view.id, facts, self._desk.clock.now())


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Invalid("A name has 1 to 80 characters.", field="name")
    return name
