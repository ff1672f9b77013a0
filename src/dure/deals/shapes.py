"""Every kind of record by its name and by the first three characters of its ids."""

from __future__ import annotations

from typing import Any

from dure.deals.accounts.model import ACCOUNT
from dure.deals.contacts.model import CONTACT
from dure.deals.leads.model import LEAD
from dure.deals.model import DEAL
from dure.deals.notes.model import ATTACHMENT, NOTE
from dure.deals.products.model import PRODUCT
from dure.deals.records.shape import Shape
from dure.deals.tasks.model import MEETING, TASK
from dure.kernel.errors import NotFound

SHAPES: tuple[Shape[Any], ...] = (ACCOUNT, CONTACT, LEAD, DEAL, PRODUCT, TASK, MEETING, NOTE, ATTACHMENT)
BY_OBJECT = {shape.object: shape for shape in SHAPES}
BY_PREFIX = {shape.prefix: shape for shape in SHAPES}


def shape_of(object_: str) -> Shape[Any]:
    """The shape by its name; NotFound lists the names."""
    found = BY_OBJECT.get(object_)
    if found is None:
        raise NotFound(f"There is no kind of record {object_!r}; there are {', '.join(BY_OBJECT)}.", field="object")
    return found
