"""What others fill: who must not be handed over, and what two halves say when they are compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol
from uuid import UUID

from dure.kernel.tenant import Tenant
from dure.state import Tx


class Consents(Protocol):
    """Campaigns know what people said of being written to; segments must not know campaigns."""

    async def unwilling(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> set[UUID]:
        """Those of these people, some thousands at a time, who do not want to hear from the company."""
        ...


class Comparing(Protocol):
    """Experiments know what a difference is worth; they stand above segments."""

    def __call__(self, control: tuple[int, int], treated: tuple[int, int], share: float) -> Mapping[str, Any]:
        """Of people and how many reached the goal in each half; `share` is the part that was meant to be control. Plain
        JSON with `difference`, `interval`, `verdict` and `words` in `ko` and `en`."""
        ...
