"""A list of records as it is asked for, and a page of it. Pages follow the last row seen: deep ones cost no more."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dure.deals.records import filters
from dure.deals.records.shape import Field, Shape
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter

R = TypeVar("R")

MOST = 1000
_FLOOR = {"number": "numeric", "money": "numeric", "percent": "numeric", "date": "date", "datetime": "timestamptz"}


@dataclass(frozen=True, slots=True)
class Asked:
    """`sort` is a field, `-field` the other way round; `after` is `next` of the page before; `deleted` asks for what
    was deleted instead; `totals` also counts all and sums them by currency."""

    filters: Sequence[Filter] = ()
    search: str = ""
    sort: str = "-changed_at"
    limit: int = 50
    after: str = ""
    deleted: bool = False
    totals: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """`next` is "" at the end. `count` and `amounts` (minor units by currency) are None unless they were asked for."""

    records: tuple[R, ...]
    next: str = ""
    count: int | None = None
    amounts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: an expression that is never null, which way, and after which row."""

    sql: str
    cast: str
    descending: bool
    joined: bool
    after: tuple[str, str] | None = field(default=None)


def order_of(shape: Shape[Any], fields: Mapping[str, Field], asked: Asked) -> Order:
    """Invalid where there is no such field, or it has no order, or `after` is no place."""
    name = asked.sort.lstrip("-")
    one = fields.get(name)
    if one is None or one.type in ("multi_picklist", "list", "prices"):
        raise Invalid(f"There is no order by {name!r}.", field="sort")
    told = filters.expression(shape, one)
    if name == "name":
        told, cast = f"lower({told})", "text"
    elif one.type == "boolean":
        told, cast = f"coalesce({told}, false)", "boolean"
    else:
        cast = _FLOOR.get(one.type, "text")
        if cast != "text" and (one.custom or one.nullable):
            told = f"coalesce({told}, '-infinity'::{cast})"
    return Order(told, cast, asked.sort.startswith("-"), name in shape.joined, _place(asked.after))


def after_text(key: str, record_id: str) -> str:
    """A place in a list, to be handed out and given back."""
    return base64.urlsafe_b64encode(json.dumps([key, record_id]).encode()).decode()


def _place(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    try:
        key, record_id = json.loads(base64.urlsafe_b64decode(text.encode()))
    except ValueError:
        raise Invalid("`after` is `next` of the page before.", field="after") from None
    return str(key), str(record_id)
