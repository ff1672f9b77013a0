"""What publishing leaves to others: saying a post, and counting who follows its links."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from dure.governance.api import Principal
from dure.social.plugs import Outcome, Post
from dure.state import Tx


class Says(Protocol):
    """Says a post at most once for each key; `sources.saying` is the one in the box."""

    async def publish(
        self, principal: Principal, source_id: uuid.UUID, post: Post, key: str, about: Mapping[str, Any] | None = None
    ) -> Outcome:
        """What became of it; the same again where the key was used before. `about` goes into its event."""
        ...


class Tracks(Protocol):
    """Addresses that count who follows them. Where nobody fills it they stay as they are."""

    def sample(self, target: str) -> str:
        """As long as the address that will stand in the place of this one."""
        ...

    async def made(
        self, tx: Tx, principal: Principal, belongs: str, network: str, targets: Sequence[str]
    ) -> Mapping[str, str]:
        """For each target the address that stands in its place."""
        ...

    async def clicks(self, principal: Principal, belongs: Sequence[str], since: datetime | None) -> Mapping[str, int]:
        """How many people followed the links that belong to each; nothing for those that nothing is known of."""
        ...
