"""What others fill in for roles: where people meet, which channels know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Protocol

from dure.governance.model import Principal
from dure.governance.roles.model import Place
from dure.state import Tx


class Places(Protocol):
    """Where people meet."""

    async def bring(self, tx: Tx, principal: Principal, user: str, channels: Sequence[str]) -> None:
        """Brings somebody of the principal's workspace into channels that the principal may see.

        Raises NotFound for one that they may not.
        """
        ...

    async def of(self, tx: Tx, workspace: str, users: Sequence[str]) -> Mapping[str, Sequence[Place]]:
        """The channels that people are in, by person."""
        ...

    async def met(self, tx: Tx, workspace: str, user: str) -> Set[str]:
        """Everybody whom somebody meets in a conversation."""
        ...

    async def is_channel(self, tx: Tx, workspace: str, channel: str) -> bool:
        """Whether a workspace has such a channel."""
        ...


class Nowhere:
    """There are no channels: what holds where only governance runs."""

    async def bring(self, tx: Tx, principal: Principal, user: str, channels: Sequence[str]) -> None:
        pass

    async def of(self, tx: Tx, workspace: str, users: Sequence[str]) -> Mapping[str, Sequence[Place]]:  # noqa: ARG002
        return {}

    async def met(self, tx: Tx, workspace: str, user: str) -> Set[str]:  # noqa: ARG002
        return frozenset()

    async def is_channel(self, tx: Tx, workspace: str, channel: str) -> bool:  # noqa: ARG002
        return False
