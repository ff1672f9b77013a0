"""Automations over HTTP, under /api/v1/automations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, field
from typing import Any

import msgspec
from starlette.responses import StreamingResponse

from dure.automation import nodes
from dure.automation import recipe as recipes
from dure.automation import upkeep_routes as upkeep
from dure.automation.api import Automation
from dure.automation.fields import fields
from dure.automation.history import routes as history_routes
from dure.automation.model import AutomationInfo, Definition, Node, Trigger
from dure.automation.month import Bounds, Month, Tally
from dure.automation.plugs import EventKind, Recipe, Setting, StepKind, TriggerKind
from dure.automation.shapes import info_shape, run_shape, step_shape
from dure.automation.shelf import Preview
from dure.automation.trust import routes as trust_routes
from dure.governance.http import Caller
from dure.kernel.errors import DureError, Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewAutomation:
    """A recipe by its id with its `settings`, or a name and a definition."""

    recipe: str = ""
    settings: dict[str, Any] | None = None
    name: str = ""
    definition: dict[str, Any] | None = None
    enabled: bool = True
    note: str = ""


@body
class Change:
    """`note` says why; `base` is the version that was changed, so that nobody's change is written over. `settings` are
    a recipe's; those left out stay, null asks for the default."""

    name: str | None = None
    definition: dict[str, Any] | None = None
    enabled: bool | None = None
    note: str = ""
    base: int | None = None
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
    record: str = ""


@body
class Retry:
    visit: int | None = None


@body
class Text:
    definition: dict[str, Any]


@body
class Trial:
    """An event to try, or how many of the log's last ones; `definition` instead of the stored one."""

    event: dict[str, Any] | None = None
    past: int = 0
    definition: dict[str, Any] | None = None


@body
class MonthTrial:
    """A definition, or an automation by its id, and how much is looked at at most."""

    definition: dict[str, Any] | None = None
    automation: str = ""
    days: int = 30
    events: int = 50_000
    runs: int = 200
    seconds: float = 60.0


def router(automation: Automation) -> APIRouter:
    """The routes; fixed words come before ids."""
    routes = APIRouter(prefix="/api/v1/automations", tags=["automation"])
    routes.include_router(history_routes.router(automation))
    routes.include_router(trust_routes.router(automation))

    @routes.get("")
    async def every(caller: Caller) -> dict[str, Any]:
        """Every automation, with its switch, its definition and today's runs."""
        return {"automations": [info_shape(info) for info in await automation.automations(caller)]}

    @routes.post("", status_code=201)
    async def create(body: NewAutomation, caller: Caller) -> dict[str, Any]:
        """A new automation: of a ready recipe, or from a name and a definition."""
        if body.recipe:
            return info_shape(
                await automation.switch_on(caller, body.recipe, enabled=body.enabled, settings=body.settings)
            )
        if body.definition is None:
            raise Invalid("Give a `recipe`, or a `name` and a `definition`.", field="definition")
        return info_shape(await automation.create(
            caller, body.name, body.definition, enabled=body.enabled, note=body.note
        ))  # fmt: skip

    @routes.get("/kinds")
    async def kinds(caller: Caller) -> dict[str, Any]:
        """What definitions are built from: kinds of steps and events that can start a run."""
        return {
            "steps": [_kind(kind) for kind in automation.kinds(caller)],
            "control": [_control(name) for name in nodes.CONTROL],
            "trigger": fields(Trigger),
            "definition": fields(Definition),
            "things": automation.things(caller),
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

    upkeep.add(routes, automation)

    @routes.get("/for-record")
    async def for_record(type: str, caller: Caller) -> dict[str, Any]:
        """The automations that may be started by hand on a record of a type, such as `deal`."""
        return {"automations": [info_shape(info) for info in await automation.for_record(caller, type)]}

    @routes.post("/check")
    async def check(body: Text, caller: Caller) -> dict[str, Any]:
        """Whether a definition could be saved, while it is being written: the first error with its field, or null.
        Nothing is kept."""
        try:
            await automation.read(caller, body.definition)
        except Invalid as error:
            return error.as_json()
        return {"error": None}

    @routes.post("/dry-run")
    async def try_definition(body: Trial, caller: Caller) -> dict[str, Any]:
        """What a definition that is not saved would do; nothing is kept or sent."""
        if body.definition is None:
            raise Invalid("Give a `definition`.", field="definition")
        return asdict(await automation.dry_run(caller, doc=body.definition, event=body.event, past=body.past))

    @routes.post("/dry-run/month", response_class=StreamingResponse)
    async def try_month(body: MonthTrial, caller: Caller) -> StreamingResponse:
        """What a definition (or an automation by its id) would have done in the past month, as lines of JSON that come
        while it is found out: `run` for each run lived through, `tally` after every page, at last `done`."""
        month = await automation.dry_run_month(
            caller, automation=body.automation, doc=body.definition,
            bounds=Bounds(body.days, body.events, body.runs, body.seconds),
        )  # fmt: skip
        return StreamingResponse(_told(month), media_type="application/x-ndjson")

    @routes.get("/past-events")
    async def past_events(event: str, caller: Caller, limit: int = 20) -> dict[str, Any]:
        """The last events of a name, newest first, to try an automation with."""
        return {"events": await automation.past_events(caller, event, limit)}

    @routes.get("/runs/{run}")
    async def one_run(run: str, caller: Caller) -> dict[str, Any]:
        """A run with every step it has made."""
        found, steps = await automation.run(caller, run)
        return {
            **run_shape(found), "steps": [step_shape(step) for step in steps],
            "decisions": await automation.history.decisions(caller, run),
        }  # fmt: skip

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

    @routes.get("/{id}")
    async def one(id: str, caller: Caller) -> dict[str, Any]:
        """An automation with its definition."""
        return info_shape(await automation.get(caller, id))

    @routes.patch("/{id}")
    async def change(id: str, body: Change, caller: Caller) -> dict[str, Any]:
        """Renames, redefines (a new version), sets up or switches an automation."""
        if body.definition is not None and body.settings is not None:
            raise Invalid("Give `settings` or a `definition`, not both.", field="settings")
        if body.name is not None or body.definition is not None:
            await automation.update(caller, id, name=body.name, doc=body.definition, note=body.note, base=body.base)
        if body.settings is not None:
            await automation.set_up(caller, id, body.settings, note=body.note)
        if body.enabled is not None:
            await automation.switch(caller, id, body.enabled)
        return info_shape(await automation.get(caller, id))

    @routes.post("/{id}/runs", status_code=201)
    async def start(id: str, body: NewRun, caller: Caller) -> dict[str, Any]:
        """Starts a run by hand; the same `key` never starts two."""
        return {"run": await automation.start(caller, id, body.subject, key=body.key, event=body.event,
                                              record=body.record)}  # fmt: skip

    @routes.post("/{id}/dry-run")
    async def try_it(id: str, body: Trial, caller: Caller) -> dict[str, Any]:
        """What an automation would do with an event, or with the last `past` events; nothing is kept or sent."""
        return asdict(
            await automation.dry_run(caller, automation=id, doc=body.definition, event=body.event, past=body.past)
        )

    return routes


async def _told(month: Month) -> AsyncIterator[bytes]:
    """A rehearsal as lines. An error on the way is the last line: the answer has begun by then."""
    tally: Tally | None = None
    try:
        async for one in month.rehearse():
            tally = one if isinstance(one, Tally) else tally
            yield msgspec.json.encode({"tally" if isinstance(one, Tally) else "run": one}) + b"\n"
        yield msgspec.json.encode({"done": tally}) + b"\n"
    except DureError as error:
        yield msgspec.json.encode(error.as_json()) + b"\n"


def _kind(kind: StepKind) -> dict[str, Any]:
    return {
        "name": kind.name, "title": dict(kind.title), "about": dict(kind.about), "outside": kind.outside,
        "on_unknown": kind.on_unknown, "inputs": fields(kind.inputs), "outputs": fields(kind.outputs),
    }  # fmt: skip


def _control(name: str) -> dict[str, Any]:
    """One of the engine's own nodes. A split's outcomes are the names of its parts."""
    return {"name": name, "inputs": fields(nodes.CONTROL[name]), "outcomes": list(nodes.outcomes(Node("", name)))}


def _event_kind(kind: EventKind) -> dict[str, Any]:
    return {"name": kind.name, "title": dict(kind.title), "slice": kind.slice, "properties": dict(kind.properties)}


def _trigger_kind(kind: TriggerKind) -> dict[str, Any]:
    return {
        "name": kind.name, "title": dict(kind.title), "about": dict(kind.about), "event": kind.event,
        "inputs": fields(kind.inputs),
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
