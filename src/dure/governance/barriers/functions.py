"""Teams by function as groups: `function:sales`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dure.governance.barriers import store
from dure.governance.barriers.model import GroupName
from dure.governance.model import FUNCTIONS
from dure.state import Tx

_PREFIX = "function:"


class FunctionGroups:
    async def people(self, tx: Tx, org: str, groups: Sequence[str]) -> Mapping[str, set[str]]:
        asked = [one.removeprefix(_PREFIX) for one in groups if one.removeprefix(_PREFIX) in FUNCTIONS]
        asked = [one for one in asked if _PREFIX + one in groups]
        if not asked:
            return {}
        found = await store.by_function(tx, org, asked)
        return {_PREFIX + one: found.get(one, set()) for one in asked}

    async def named(self, tx: Tx, org: str) -> Sequence[GroupName]:
        found = await store.by_function(tx, org)
        return [GroupName(_PREFIX + one, one, len(found.get(one, ()))) for one in FUNCTIONS]
