"""What publishing leaves to others: saying a post."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from dure.governance.api import Principal
from dure.social.plugs import Outcome, Post


class Says(Protocol):
    """Says a post at most once for each key; `sources.saying` is the one in the box."""

    async def publish(
        self, principal: Principal, source_id: uuid.UUID, post: Post, key: str, about: Mapping[str, Any] | None = None
    ) -> Outcome:
        """What became of it; the same again where the key was used before. `about` goes into its event."""
        ...
