"""What names groups of people to barriers; others fill it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from dure.governance.barriers.model import GroupName
from dure.state import Tx


class Groups(Protocol):
    """Groups of an organisation: an identity provider's, teams by function, user groups of channels."""

    async def people(self, tx: Tx, org: str, groups: Sequence[str]) -> Mapping[str, set[str]]:
        """Who is in each of the groups that this knows; those it does not know are left out."""
        ...

    async def named(self, tx: Tx, org: str) -> Sequence[GroupName]:
        """Every group that a barrier could name."""
        ...
