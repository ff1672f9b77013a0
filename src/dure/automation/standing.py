"""Runs in hand during a tick, and the ledger of what the tick will write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.model import Node
from dure.automation.nodes import following
from dure.automation.plan import Plan
from dure.automation.store import Place, StepText, as_json

MOST_HOPS = 1000
"""A run that has made this many hops goes in a circle."""


@dataclass(slots=True)
class Standing:
    """A run that stands on a node and is about to move."""

    id: UUID
    plan: Plan
    lane: int
    subject: str
    event: dict[str, Any] | None
    node: str
    visit: int
    attempts: int
    status: str
    wait_event: str | None
    trigger_key: str
    started_at: datetime
    steps: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    site: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any], plan: Plan) -> Standing:
        return cls(
            row["id"], plan, row["lane"], row["subject"], row["event"], row["node"], row["visit"], row["attempts"],
            row["status"], row["wait_event"], row["trigger_key"], row["started_at"],
        )  # fmt: skip

    @property
    def at(self) -> Node | None:
        return self.plan.nodes.get(self.node)

    @property
    def key(self) -> str:
        """The idempotency key of the step it stands on."""
        return f"{self.id}:{self.node}:{self.visit}"

    @property
    def scope(self) -> dict[str, Any]:
        """What templates and conditions see."""
        run = {
            "id": str(self.id), "subject": self.subject, "automation": self.plan.automation, "name": self.plan.name,
            "key": self.trigger_key, "started_at": self.started_at.isoformat(), "zone": self.plan.zone,
            "site": self.site or None,
        }  # fmt: skip
        return {**self.things, "event": self.event, "run": run, "steps": self.steps}


@dataclass(slots=True)
class Ended:
    """A run that came to its end in this tick."""

    run: Standing
    status: str
    error: str = ""


@dataclass
class Ledger:
    """What a tick writes: moves and steps by group, questions to people, runs that ended."""

    now: datetime
    moves: dict[Place, list[UUID]] = field(default_factory=dict)
    steps: dict[StepText, list[UUID]] = field(default_factory=dict)
    questions: list[tuple[UUID, int, str, str]] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    hops: int = 0

    def note(
        self, run: Standing, status: str, *, attempts: int = 0, due_at: datetime | None = None,
        inputs: str | None = None, outputs: Any = None, outcome: str = "", error: str = "",
    ) -> None:  # fmt: skip
        """Writes down how the step that a run stands on is."""
        node = run.at
        ended = None if status in ("ready", "waiting", "failed") else self.now
        text = StepText(
            run.visit, run.plan.tenant.workspace, run.plan.automation, run.lane, run.node, node.kind if node else "",
            status, attempts, due_at, inputs, None if outputs is None else as_json(outputs), outcome, error,
            self.now, ended,
        )  # fmt: skip
        self.steps.setdefault(text, []).append(run.id)

    def park(self, run: Standing, status: str, due_at: datetime | None, *, attempts: int = 0,
             wait_event: str | None = None, wait_key: str | None = None, error: str = "") -> None:  # fmt: skip
        """Leaves a run on its node."""
        place = Place(run.node, run.visit, status, due_at, attempts, wait_event, wait_key, error)
        self.moves.setdefault(place, []).append(run.id)

    def lead(self, run: Standing, outcome: str) -> bool:
        """Takes a run to the node that follows; False where that was its last."""
        node = run.at
        return self.send(run, following(node, outcome) if node else None)

    def send(self, run: Standing, to: str | None) -> bool:
        """Takes a run to a node, or to its end (None)."""
        self.hops += 1
        if to is None:
            self.end(run, "done")
            return False
        run.node, run.visit, run.attempts, run.status, run.wait_event = to, run.visit + 1, 0, "running", None
        if run.visit > MOST_HOPS:
            self.end(run, "failed", f"It goes in a circle: {MOST_HOPS} steps were taken.")
            return False
        return True

    def end(self, run: Standing, status: str, error: str = "") -> None:
        """The run is over; a failed one keeps standing where it failed."""
        place = Place(run.node, run.visit, status, None, run.attempts, error=error, ended_at=self.now)
        self.moves.setdefault(place, []).append(run.id)
        self.ended.append(Ended(run, status, error))
