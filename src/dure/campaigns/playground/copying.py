"""Copying a workspace's structure: segments, metrics, experiments, flags, campaigns; never people or secrets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from dure.campaigns.playground.invented import Wanted
from dure.experiments.api import Experiments
from dure.experiments.api import as_json as experiment_json
from dure.governance.api import Principal
from dure.kernel.errors import DureError
from dure.kernel.filters import Filter
from dure.metrics.api import Metrics
from dure.metrics.model import NewMetric
from dure.segments.api import Segments, as_json

log = structlog.get_logger("playground")

_NAMING = ("segment", "experiment")


class Switches(Protocol):
    """Feature flags, as far as copying them goes."""

    async def flags(self, principal: Principal) -> list[Any]: ...

    async def create(self, principal: Principal, key: str, raw: Mapping[str, Any]) -> Any: ...


@dataclass
class Copied:
    """How many of each kind were copied, and what was left out, with the reason."""

    counts: dict[str, int] = field(default_factory=dict)
    left_out: list[dict[str, str]] = field(default_factory=list)

    def note(self, kind: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def leave(self, kind: str, name: str, why: str) -> None:
        log.warning("left out of a playground", kind=kind, name=name, why=why)
        self.left_out.append({"kind": kind, "name": name, "why": why})


async def copy_metrics(metrics: Metrics, source: Principal, target: Principal, copied: Copied) -> None:
    """Under the same ids; formulas after what they are made of. Whoever owns one has no account there."""
    fields = set(NewMetric.__struct_fields__) - {"owner"}
    known = {one["id"] for one in await metrics.metrics(target)}
    waiting = [one for one in await metrics.metrics(source) if one["id"] not in known]

    async def make(one: Mapping[str, Any]) -> None:
        await metrics.create_metric(target, {name: value for name, value in one.items() if name in fields})
        copied.note("metrics")

    await _in_turns("metrics", waiting, lambda one: str(one["id"]), make, copied)


async def copy_segments(segments: Segments, source: Principal, target: Principal, copied: Copied) -> dict[str, str]:
    """New ids by the old ones, also by built-in names. A hand-made list is copied empty: its people stay where they
    are."""
    ids = {one.built_in: one.built_in for one in await segments.segments(source) if one.built_in}
    waiting = [one for one in await segments.segments(source) if not one.built_in]

    async def make(one: Any) -> None:
        made = await segments.create(target, one.name, renamed(as_json(one.rule), ids), one.about)
        ids[one.id] = made.id
        copied.note("segments")

    await _in_turns("segments", waiting, lambda one: str(one.name.get("en") or one.name.get("ko")), make, copied)
    return ids


async def copy_experiments(
    experiments: Experiments, source: Principal, target: Principal, ids: Mapping[str, str], copied: Copied
) -> dict[str, str]:
    """New ids by the old ones, the oldest first. What runs runs there too, on invented people; whatever else became of
    one is the past of real ones, and so it is a draft again."""
    made: dict[str, str] = {}
    for one in reversed(await experiments.experiments(source)):
        try:
            draft = await experiments.create(target, renamed(experiment_json(one.design), ids))
            made[one.id] = draft.id
            if one.state == "running":
                await experiments.start(target, draft.id)
        except DureError as error:
            copied.leave("experiments", one.design.name["en"], error.message)
            continue
        copied.note("experiments")
    return made


async def copy_flags(
    flags: Switches, source: Principal, target: Principal, ids: Mapping[str, str], copied: Copied
) -> None:  # fmt: skip
    """Under the same keys, without the exceptions for single people: those are real ones."""
    for one in await flags.flags(source):
        try:
            await flags.create(target, one.key, renamed(experiment_json(one.design), ids))
        except DureError as error:
            copied.leave("flags", one.key, error.message)
            continue
        copied.note("flags")


def renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """JSON with the ids of segments and experiments replaced, wherever one is named."""
    if isinstance(value, Mapping):
        return {
            key: ids.get(each, each)
            if key in ("segment", "experiment") and isinstance(each, str)
            else renamed(each, ids)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [renamed(each, ids) for each in value]
    return value


def wanted_by(documents: Sequence[Any]) -> list[Wanted]:
    """Every event that designs and rules name, with its filters: what invented people must have done."""
    found: dict[str, Wanted] = {}

    def look(value: Any) -> None:
        if isinstance(value, Mapping):
            event = value.get("event")
            if isinstance(event, str) and event:
                found.setdefault(event, Wanted(event, _filters(value.get("where"))))
            for each in value.values():
                look(each)
        elif isinstance(value, list | tuple):
            for each in value:
                look(each)

    look(documents)
    return list(found.values())


def _filters(raw: Any) -> tuple[Filter, ...]:
    return tuple(
        Filter(one["prop"], one.get("op", "="), one.get("value"))
        for one in raw or ()
        if isinstance(one, Mapping) and "prop" in one
    )


async def _in_turns(
    kind: str, waiting: Sequence[Any], name: Callable[[Any], str], make: Callable[[Any], Awaitable[None]],
    copied: Copied,
) -> None:  # fmt: skip
    """Makes all; what stands on another one is tried again after it, until nothing more can be made."""
    left = list(waiting)
    while left:
        failed: list[tuple[Any, DureError]] = []
        for one in left:
            try:
                await make(one)
            except DureError as error:
                failed.append((one, error))
        if len(failed) == len(left):
            for one, why in failed:
                copied.leave(kind, name(one), why.message)
            return
        left = [one for one, _ in failed]
