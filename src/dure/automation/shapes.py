"""Automations, runs and steps as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.model import AutomationInfo, Run, Step


def info_shape(info: AutomationInfo) -> dict[str, Any]:
    return {
        "id": info.id, "name": info.name, "recipe": info.recipe, "enabled": info.enabled, "version": info.version,
        "definition": msgspec.to_builtins(info.definition), "created_at": info.created_at,
        "stopped_because": info.stopped_because, "stopped": info.stopped, "runs_today": info.runs_today,
        "failures": info.failures, "under_way": info.waiting, "settings": info.settings,
    }  # fmt: skip


def run_shape(run: Run) -> dict[str, Any]:
    return {
        "id": run.id, "automation": run.automation, "version": run.version, "subject": run.subject,
        "key": run.trigger_key, "node": run.node, "status": run.status, "due_at": run.due_at,
        "started_at": run.started_at, "ended_at": run.ended_at, "seconds": _seconds(run), "event": run.event,
        "error": run.error, "parent": run.parent, "item": run.item,
    }  # fmt: skip


def step_shape(step: Step) -> dict[str, Any]:
    return {
        "node": step.node, "visit": step.visit, "kind": step.kind, "status": step.status, "attempts": step.attempts,
        "due_at": step.due_at, "inputs": step.inputs, "outputs": step.outputs, "outcome": step.outcome,
        "error": step.error, "started_at": step.started_at, "ended_at": step.ended_at, "seconds": _seconds(step),
    }  # fmt: skip


def _seconds(it: Run | Step) -> float | None:
    """How long it took; None while it goes on."""
    if it.started_at is None or it.ended_at is None:
        return None
    return round((it.ended_at - it.started_at).total_seconds(), 3)
