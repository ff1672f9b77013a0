"""What is known of a person and of an account, gathered from the slices that know some of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dure.automation.plugs import Lookup
from dure.deals import lookups as deal_lookups
from dure.kernel.tenant import Tenant
from dure.people.api import People
from dure.segments.stages.lookups import with_stages
from dure.state import Tx

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def person_traits(people: People) -> Lookup:
    """Traits, and beside them the stage that somebody is in."""

    async def look(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        wanted = [UUID(one) for one in ids if _UUID.fullmatch(one)]
        traits = await people.traits(tx, tenant, wanted)
        return await with_stages(tx, tenant, wanted, traits)

    return look


def accounts(people: People) -> Lookup:
    """What sales know of an account, and what events said of it, which is the later word."""

    async def look(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        records, traits = await deal_lookups.accounts(tx, tenant, ids), await people.accounts(tx, tenant, ids)
        return {one: {**records.get(one, {}), **traits.get(one, {})} for one in records.keys() | traits.keys()}

    return look
