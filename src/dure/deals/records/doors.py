"""Any kind of record over HTTP: list, create, read, change, delete, restore; the same words for each."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Body, Query

from dure.deals.records.listing import Asked, Page
from dure.deals.records.records import Records
from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.kernel.filters import read_filters
from dure.web.routing import APIRouter

Given = Annotated[dict[str, Any], Body()]
Look = Callable[[Principal, Any], Awaitable[Mapping[str, Any]]]


def asked_of(
    filters: str = "", search: str = "", sort: str = "-changed_at", limit: int = 50, after: str = "",
    deleted: bool = False, totals: bool = False,
) -> Asked:  # fmt: skip
    """A list as an address asks for it; `filters` is JSON."""
    try:
        raw = json.loads(filters) if filters else []
    except ValueError:
        raise Invalid("`filters` is a list of filters in JSON.", field="filters") from None
    return Asked(read_filters(raw, "filters"), search, sort, limit, after, deleted, totals)


def page_json(plural: str, page: Page[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {plural: [asdict(one) for one in page.records], "next": page.next}
    if page.count is not None:
        found |= {"count": page.count}
    if page.amounts is not None:
        found |= {"amounts": dict(page.amounts)}
    return found


def noun(
    routes: APIRouter, plural: str, records: Records[Any], *, sort: str, similar: Look | None = None,
    detail: Look | None = None,
) -> None:  # fmt: skip
    """The routes of one kind of record under its plural. `similar` hints at records that may be the same as a new one;
    `detail` adds what belongs to one that is read."""
    title = records.shape.object

    @routes.get(f"/{plural}", name=f"list_{plural}", description=f"A page of {plural} by filters over any field.")
    async def page(
        caller: Caller, filters: str = "", search: str = "", sort: str = sort,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50, after: str = "", deleted: bool = False, totals: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        asked = asked_of(filters, search, sort, limit, after, deleted, totals)
        return page_json(plural, await records.page(caller, asked))

    @routes.post(f"/{plural}", status_code=201, name=f"create_{title}", description=f"A new {title}.")
    async def create(caller: Caller, body: Given) -> dict[str, Any]:
        made = await records.create(caller, **named(body))
        return {**asdict(made), **(await similar(caller, made) if similar else {})}

    @routes.get(f"/{plural}/{{record_id}}", name=f"read_{title}", description=f"One {title} with what belongs to it.")
    async def one(caller: Caller, record_id: str) -> dict[str, Any]:
        found = await records.get(caller, record_id)
        return {**asdict(found), **(await detail(caller, found) if detail else {})}

    @routes.patch(
        f"/{plural}/{{record_id}}", name=f"change_{title}",
        description=f"Changes fields of a {title}; `version` guards against overwriting what somebody else changed.",
    )  # fmt: skip
    async def change(caller: Caller, record_id: str, body: Given) -> dict[str, Any]:
        given = named(body)
        return asdict(await records.update(caller, record_id, version(given), **given))

    @routes.delete(
        f"/{plural}/{{record_id}}", status_code=204, name=f"delete_{title}",
        description=f"Puts a {title} away; it can be restored.",
    )  # fmt: skip
    async def delete(caller: Caller, record_id: str) -> None:
        await records.delete(caller, record_id)

    @routes.post(
        f"/{plural}/{{record_id}}/restore", name=f"restore_{title}", description=f"Brings a deleted {title} back."
    )
    async def restore(caller: Caller, record_id: str) -> dict[str, Any]:
        return asdict(await records.restore(caller, record_id))


def named(body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a body; those that name something of the call itself are none of a record's."""
    for name in ("principal", "record_id", "self"):
        if name in body:
            raise Invalid(f"There is no field {name!r}.", field=name)
    return dict(body)


def version(given: dict[str, Any]) -> int | None:
    """The version that a change was made from, taken out of what is given."""
    found = given.pop("version", None)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int)):
        raise Invalid("`version` is the number that was read.", field="version")
    return found
