"""Who says at arrival whose mentions are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dure.feed.api import Event
from dure.governance.model import Principal
from dure.social.model import Mention
from dure.state import Tx


class Linker(Protocol):
    """`linking.api.Linking` is the one in the box. The mentions come back in their order, those that are somebody's
    with person and account; beside them the events that say so."""

    async def link(
        self, tx: Tx, principal: Principal, mentions: Sequence[Mention], now: datetime, *, loaded: bool
    ) -> tuple[list[Mention], list[Event]]: ...
