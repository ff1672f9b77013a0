"""What conditions and texts may ask of a person: `person.stage`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from dure.kernel.tenant import Tenant
from dure.segments.stages import store
from dure.state import Tx


async def with_stages(
    tx: Tx, tenant: Tenant, people: Collection[UUID], traits: Mapping[UUID, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The traits of people by id with their stage; a trait of that name, which a program stated, is kept."""
    stages = await store.of(tx, tenant.workspace, people)
    return {
        str(person): {**({"stage": stages[person][0]} if person in stages else {}), **traits.get(person, {})}
        for person in people
        if person in stages or person in traits
    }
