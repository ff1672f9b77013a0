"""Runs in hand during a tick, and the ledger of what the tick will write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dure.automation.model import Node
from dure.automation.nodes import following
from dure.automation.plan import Plan
from dure.automation.store import PAUSED, NewRun, Place, Question, StepText, as_json

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
    org: str = ""
    depth: int = 0
    lineage: str = ""
    parent: UUID | None = None
    number: int | None = None
    item: Any = None
    started_by: str = ""
    own_days: Mapping[date, bool] = field(default_factory=dict)
    steps: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    site: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any], plan: Plan) -> Standing:
        return cls(
            row["id"], plan, row["lane"], row["subject"], row["event"], row["node"], row["visit"], row["attempts"],
            row["status"], row["wait_event"], row["trigger_key"], row["started_at"], row["org"], row["depth"],
            row["lineage"], row["parent"], row["number"], row["item"], row["started_by"],
        )  # fmt: skip

    @classmethod
    def new(cls, run: NewRun, plan: Plan, event: dict[str, Any] | None, now: datetime) -> Standing:
        """A run that was started in this very transaction."""
        return cls(
            run.id, plan, run.lane, run.subject, event, run.node, 1, 0, run.status, None, run.trigger_key, now,
            run.org, run.depth, run.lineage, started_by=run.started_by,
        )  # fmt: skip

    @property
    def paused(self) -> bool:
        return self.lane >= PAUSED

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
            "site": self.site or None, "number": self.number,
        }  # fmt: skip
        scope = {**self.things, "event": self.event, "run": run, "steps": self.steps}
        if self.number is not None:
            scope["item"] = self.item
        return scope


@dataclass(slots=True)
class Ended:
    """A run that came to its end in this tick."""

    run: Standing
    status: str
    error: str = ""


@dataclass
class Ledger:
    """What a tick writes: moves and steps by group, questions to people, runs within others, runs that ended.

    `free` outside steps are claimed for `worker` as they are handed out; `claims` are their calls, to be made once all
    of this is on disk.
    """

    now: datetime
    moves: dict[Place, list[UUID]] = field(default_factory=dict)
    steps: dict[StepText, list[UUID]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    asked: list[tuple[Standing, Question]] = field(default_factory=list)
    children: list[NewRun] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    unknown: list[Ended] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    free: int = 0
    worker: str = ""
    hops: int = 0

    @property
    def unsettled(self) -> bool:
        """Whether a beat has to see to something that was written: a run that is due, a step that is ready."""
        return any(place.due_at is not None for place in self.moves) or any(
            text.status == "ready" for text in self.steps
        )

    def note(
        self, run: Standing, status: str, *, attempts: int = 0, due_at: datetime | None = None,
        inputs: str | None = None, outputs: Any = None, outcome: str = "", error: str = "",
    ) -> None:  # fmt: skip
        """Writes down how the step that a run stands on is."""
        node = run.at
        ended = None if status in ("ready", "claimed", "waiting", "failed") else self.now
        text = StepText(
            run.visit, run.plan.tenant.workspace, run.plan.automation, run.lane, run.node, node.kind if node else "",
            status, attempts, due_at, inputs, None if outputs is None else as_json(outputs), outcome, error,
            self.now, ended, self.worker if status == "claimed" else None,
        )  # fmt: skip
        self.steps.setdefault(text, []).append(run.id)

    def ask(self, run: Standing, question: Question) -> None:
        """Puts a question to people."""
        self.questions.append(question)
        self.asked.append((run, question))

    def hand_out(self, run: Standing, inputs: Any, text: str) -> None:
        """An outside step: claimed at once while there are free hands, else ready for whoever comes."""
        if self.free <= 0 or run.paused:
            self.note(run, "ready", due_at=self.now, inputs=text)
        else:
            self.free -= 1
            self.note(run, "claimed", attempts=run.attempts + 1, due_at=self.now, inputs=text)
            node = run.at
            self.claims.append({
                "run": run.id, "visit": run.visit, "workspace": run.plan.tenant.workspace, "org": run.org,
                "automation": run.plan.automation, "lane": run.lane, "node": run.node,
                "kind": node.kind if node else "", "attempts": run.attempts + 1, "inputs": inputs,
                "subject": run.subject, "event": run.event,
            })  # fmt: skip
        self.park(run, "running", None)

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
        # A run within another is due once more, to report that it has ended.
        due = self.now if run.parent is not None else None
        place = Place(run.node, run.visit, status, due, run.attempts, error=error, ended_at=self.now)
        self.moves.setdefault(place, []).append(run.id)
        self.ended.append(Ended(run, status, error))
