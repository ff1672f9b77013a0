"""Automations over HTTP, under /api/v1/automations."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter

from dure.automation import recipe as recipes
from dure.automation.api import Automation
from dure.automation.model import AutomationInfo, Run, Step
from dure.automation.plugs import EventKind, Recipe, Setting, StepKind, TriggerKind
from dure.automation.shelf import Preview
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body


@body
class NewAutomation:
    """A recipe by its id with its `settings`, or a name and a definition."""

    recipe: str = ""
    settings: dict[str, Any] | None = None
    name: str = ""
    definition: dict[str, Any] | None = None
    enabled: bool = True


@body
class Change:
    """`settings` are a recipe's; those left out stay, null asks for the default."""

    name: str | None = None
    definition: dict[str, Any] | None = None
    enabled: bool | None = None
    settings: dict[str, Any] | None = None


@body
class Look:
    """A recipe's settings, the form's defaults where left out, and over how many of the log's last events to look."""

    settings: dict[str, Any] = field(default_factory=dict)
    past: int = 100


@body
class NewRun:
    subject: str = ""
    key: str = ""
    event: dict[str, Any] | None = None


@body
class Retry:
    visit: int | None = None


@body
class Decision:
    decision: str
    note: str = ""


@body
class Trial:
    """An event to try, or how many of the log's last ones; `definition` instead of the stored one."""

    event: dict[str, Any] | None = None
    past: int = 0
    definition: dict[str, Any] | None = field(default=None)


def router(automation: Automation) -> APIRouter:
    """The routes; fixed words come before ids."""
    routes = APIRouter(prefix="/api/v1/automations", tags=["automation"])

    @routes.get("")
    async def every(caller: Caller) -> dict[str, Any]:
        """Every automation, with its switch, its definition and today's runs."""
        return {"automations": [_info(info) for info in await automation.automations(caller)]}

    @routes.post("", status_code=201)
    async def create(body: NewAutomation, caller: Caller) -> dict[str, Any]:
        """A new automation: of a ready recipe, or from a name and a definition."""
        if body.recipe:
            return _info(await automation.switch_on(caller, body.recipe, enabled=body.enabled, settings=body.settings))
        if body.definition is None:
            raise Invalid("Give a `recipe`, or a `name` and a `definition`.", field="definition")
        return _info(await automation.create(caller, body.name, body.definition, enabled=body.enabled))

    @routes.get("/kinds")
    async def kinds(caller: Caller) -> dict[str, Any]:
        """What definitions are built from: kinds of steps and events that can start a run."""
        return {
            "steps": [_kind(kind) for kind in automation.kinds(caller)],
            "triggers": [_trigger_kind(kind) for kind in automation.triggers(caller)],
            "events": [_event_kind(kind) for kind in automation.events(caller)],
        }

    @routes.get("/recipes")
    async def recipes(caller: Caller) -> dict[str, Any]:
        """The ready recipes, each with the automation made of it."""
        return {"recipes": [_recipe(recipe, made) for recipe, made in await automation.recipes(caller)]}

    @routes.post("/recipes/{id}/preview")
    async def preview(id: str, body: Look, caller: Caller) -> dict[str, Any]:
        """What a recipe would do over the last events, or with a sample where there are none; nothing is kept."""
        return _preview(await automation.preview(caller, id, body.settings, past=body.past))

    @routes.get("/questions")
    async def questions(caller: Caller) -> dict[str, Any]:
        """Approvals that wait for a person's decision."""
        return {"questions": await automation.questions(caller)}

    @routes.post("/dry-run")
    async def try_definition(body: Trial, caller: Caller) -> dict[str, Any]:
        """What a definition that is not saved would do; nothing is kept or sent."""
        if body.definition is None:
            raise Invalid("Give a `definition`.", field="definition")
        return asdict(await automation.dry_run(caller, doc=body.definition, event=body.event, past=body.past))

    @routes.get("/runs")
    async def all_runs(
        caller: Caller, status: str | None = None, before: datetime | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """Runs of all automations, newest first."""
        return {"runs": [_run(run) for run in await automation.runs(caller, status=status, before=before, limit=limit)]}

    @routes.get("/runs/{run}")
    async def one_run(run: str, caller: Caller) -> dict[str, Any]:
        """A run with every step it has made."""
        found, steps = await automation.run(caller, run)
        return {**_run(found), "steps": [_step(step) for step in steps]}

    @routes.post("/runs/{run}/retry", status_code=204)
    async def retry(run: str, body: Retry, caller: Caller) -> None:
        """Tries a failed or unknown step again."""
        await automation.retry(caller, run, body.visit)

    @routes.post("/runs/{run}/skip", status_code=204)
    async def skip(run: str, caller: Caller) -> None:
        """Goes on past a failed or unknown step."""
        await automation.skip(caller, run)

    @routes.post("/runs/{run}/stop", status_code=204)
    async def stop(run: str, caller: Caller) -> None:
        """Ends a run where it is."""
        await automation.stop(caller, run)

    @routes.post("/runs/{run}/decide", status_code=204)
    async def decide(run: str, body: Decision, caller: Caller) -> None:
        """Answers an approval."""
        await automation.decide(caller, run, body.decision, body.note)

    @routes.get("/{id}")
    async def one(id: str, caller: Caller) -> dict[str, Any]:
        """An automation with its definition."""
        return _info(await automation.get(caller, id))

    @routes.patch("/{id}")
    async def change(id: str, body: Change, caller: Caller) -> dict[str, Any]:
        """Renames, redefines (a new version), sets up or switches an automation."""
        if body.definition is not None and body.settings is not None:
            raise Invalid("Give `settings` or a `definition`, not both.", field="settings")
        if body.name is not None or body.definition is not None:
            await automation.update(caller, id, name=body.name, doc=body.definition)
        if body.settings is not None:
            await automation.set_up(caller, id, body.settings)
        if body.enabled is not None:
            await automation.switch(caller, id, body.enabled)
        return _info(await automation.get(caller, id))

    @routes.get("/{id}/runs")
    async def its_runs(
        id: str, caller: Caller, status: str | None = None, before: datetime | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """Runs of one automation, newest first."""
        await automation.get(caller, id)
        found = await automation.runs(caller, id, status=status, before=before, limit=limit)
        return {"runs": [_run(run) for run in found]}

    @routes.post("/{id}/runs", status_code=201)
    async def start(id: str, body: NewRun, caller: Caller) -> dict[str, Any]:
        """Starts a run by hand; the same `key` never starts two."""
        return {"run": await automation.start(caller, id, body.subject, key=body.key, event=body.event)}

    @routes.post("/{id}/dry-run")
    async def try_it(id: str, body: Trial, caller: Caller) -> dict[str, Any]:
        """What an automation would do with an event, or with the last `past` events; nothing is kept or sent."""
        return asdict(
            await automation.dry_run(caller, automation=id, doc=body.definition, event=body.event, past=body.past)
        )

    return routes


def _info(info: AutomationInfo) -> dict[str, Any]:
    return {
        "id": info.id, "name": info.name, "recipe": info.recipe, "enabled": info.enabled, "version": info.version,
        "definition": msgspec.to_builtins(info.definition), "created_at": info.created_at,
        "stopped_because": info.stopped_because, "runs_today": info.runs_today, "failures": info.failures,
        "under_way": info.waiting, "settings": info.settings,
    }  # fmt: skip


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id, "automation": run.automation, "version": run.version, "subject": run.subject,
        "key": run.trigger_key, "node": run.node, "status": run.status, "due_at": run.due_at,
        "started_at": run.started_at, "ended_at": run.ended_at, "event": run.event, "error": run.error,
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    return {
        "node": step.node, "visit": step.visit, "kind": step.kind, "status": step.status, "attempts": step.attempts,
        "due_at": step.due_at, "inputs": step.inputs, "outputs": step.outputs, "outcome": step.outcome,
        "error": step.error, "started_at": step.started_at, "ended_at": step.ended_at,
    }  # fmt: skip


def _kind(kind: StepKind) -> dict[str, Any]:
    return {
        "name": kind.name, "title": dict(kind.title), "about": dict(kind.about), "outside": kind.outside,
        "on_unknown": kind.on_unknown, "inputs": _fields(kind.inputs), "outputs": _fields(kind.outputs),
    }  # fmt: skip


def _fields(struct: type[msgspec.Struct]) -> list[dict[str, Any]]:
    return [
        {"name": one.encode_name, "required": one.required, "type": _type(one.type)}
        for one in msgspec.structs.fields(struct)
    ]


def _type(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")


def _event_kind(kind: EventKind) -> dict[str, Any]:
    return {"name": kind.name, "title": dict(kind.title), "slice": kind.slice, "properties": dict(kind.properties)}


def _trigger_kind(kind: TriggerKind) -> dict[str, Any]:
    return {
        "name": kind.name, "title": dict(kind.title), "about": dict(kind.about), "event": kind.event,
        "inputs": _fields(kind.inputs),
    }  # fmt: skip


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name, "title": dict(setting.title), "about": dict(setting.about), "type": setting.type,
        "default": setting.default,
        "choices": [{"value": value, "title": dict(title)} for value, title in setting.choices],
    }  # fmt: skip


def _recipe(recipe: Recipe, made: AutomationInfo | None) -> dict[str, Any]:
    values = {**recipes.defaults(recipe), **((made.settings if made else None) or {})}
    return {
        "id": recipe.id, "title": dict(recipe.title), "about": dict(recipe.about), "values": values,
        "definition": recipes.drawn(recipe, values),
        "group": recipe.group, "settings": [_setting(setting) for setting in recipe.settings],
        "automation": made.id if made else None, "enabled": made.enabled if made else False,
    }  # fmt: skip


def _preview(preview: Preview) -> dict[str, Any]:
    return {
        **asdict(preview.would), "settings": dict(preview.settings), "sample": preview.sample,
        "next_at": preview.next_at, "definition": msgspec.to_builtins(preview.definition),
    }  # fmt: skip
