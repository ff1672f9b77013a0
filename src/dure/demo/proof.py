"""What was done to the things that two chapters make, kept until a third looks for each act in the audit trail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dure.demo.stage import Stage


@dataclass
class Proof:
    """`owners` and `heads`: by side, who may read its trail, and where the trail stood before.

    `done`: side, action as Slack names it, and what it was done to; each once.
    """

    owners: dict[str, str]
    heads: dict[str, dict[str, Any]]
    done: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def note(self, side: str, what: str, *actions: str) -> None:
        self.done.update((side, action, what) for action in actions)


async def begin(stage: Stage, owners: dict[str, str]) -> Proof:
    """Notes where each side's trail stands; the chapters that follow find it in `told`."""
    heads = {}
    for side, token in owners.items():
        headers = {"authorization": f"Bearer {token}"}
        heads[side] = await stage.ask("GET", "/api/v1/audit/head", headers=headers)
    made = Proof(owners, heads)
    stage.told["proof"] = made
    return made
