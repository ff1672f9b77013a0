"""Groups of an organisation's directory, as barriers name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dure.governance.barriers.model import GroupName
from dure.governance.scim import store
from dure.state import Tx


class DirectoryGroups:
    """Fills `governance.barriers.plugs.Groups`: what the directory keeps in groups, by their id."""

    async def people(self, tx: Tx, org: str, groups: Sequence[str]) -> Mapping[str, set[str]]:
        return await store.people_of(tx, org, groups)

    async def named(self, tx: Tx, org: str) -> Sequence[GroupName]:
        return [GroupName(row["id"], row["name"], row["people"]) for row in await store.sizes(tx, org)]
