"""Histories of named people in a log, and questions about them: what the cases are written in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.asking import ask
from dure.metrics.question import parse
from tests.conftest import SORI

Happening = tuple[Any, ...]
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


class Journeys:
    """Writes what people did: `("Signed Up", "2021-05-01 01:00", {"plan": "free"})`, times in UTC."""

    def __init__(self, log: Log, tenant: Tenant = SORI) -> None:
        self.log = log
        self.tenant = tenant
        self._written = 0

    def write(self, people: Mapping[str, Sequence[Happening]], **columns: str) -> None:
        lines = [self.line(name, *happening, **columns) for name, journey in people.items() for happening in journey]
        self.log.insert_now(f"journeys-{self.tenant.workspace}-{self._written}", b"\n".join(lines))

    def line(self, name: str, event: str, time: str | datetime, properties: Mapping[str, Any] | None = None,
             **columns: str) -> bytes:  # fmt: skip
        self._written += 1
        at = at_utc(time).isoformat().replace("+00:00", "Z")
        row = {
            "org": self.tenant.org, "workspace": self.tenant.workspace, "event": event, "time": at,
            "person": str(self.id(name)), "distinct_id": name, "account": "", "object_type": "", "object": "",
            "source": "web", "message_id": f"m{self._written}", "actor": "", "run": "",
            "properties": dict(properties or {}), "received_at": at,
        }  # fmt: skip
        return json.dumps({**row, **columns}).encode()

    def merge(self, name: str, into: str, version: int = 1) -> None:
        """From now on what `name` did is what `into` did."""
        row = {
            "workspace": self.tenant.workspace, "from_person": str(self.id(name)), "to_person": str(self.id(into)),
            "version": version,
        }  # fmt: skip
        self._written += 1
        self.log.insert_now(f"merge-{self._written}", json.dumps(row).encode(), "person_override")

    def id(self, name: str) -> Any:
        return person_id(self.tenant.workspace, name)

    async def ask(self, question: dict[str, Any], *, now: datetime = NOW, timezone: str = "UTC") -> dict[str, Any]:
        return await ask(self.log, self.tenant, parse(question), now, timezone)

    async def counts(self, steps: Sequence[Any], **more: Any) -> list[int]:
        """How many reached each step of a funnel."""
        answer = await self.ask(funnel(steps, **more))
        return [step["count"] for step in answer["steps"]]

    async def at_step(self, steps: Sequence[Any], step: int, **more: Any) -> set[str]:
        """The distinct ids of those who reached a step."""
        answer = await self.ask(funnel(steps, actors={"step": step}, **more))
        return {one for actor in answer["actors"] for one in actor["distinct_ids"]}


def funnel(steps: Sequence[Any], **more: Any) -> dict[str, Any]:
    named = [{"event": step} if isinstance(step, str) else step for step in steps]
    return {"kind": "funnel", "steps": named, **more}


def at_utc(time: str | datetime) -> datetime:
    if isinstance(time, datetime):
        return time
    return datetime.fromisoformat(time).replace(tzinfo=UTC)


def every(names: str, start: str, seconds: int = 3600) -> list[Happening]:
    """The named events one after another: `"su pv bl"`."""
    first = at_utc(start)
    return [(name, first + timedelta(seconds=seconds * index)) for index, name in enumerate(names.split())]
