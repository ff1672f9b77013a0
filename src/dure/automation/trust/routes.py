"""Trust over HTTP: versions, their differences and going back; texts in and out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from dure.automation.shapes import info_shape
from dure.automation.trust.model import Review, Version
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter

if TYPE_CHECKING:
    from dure.automation.api import Automation


@body
class Back:
    """The version whose text is published anew."""

    version: int
    note: str = ""


@body
class TakenIn:
    """Texts as `export` gives them. Without `publish` it is a review: what would change. `expected` are the versions
    that were reviewed, by automation."""

    automations: list[dict[str, Any]]
    publish: bool = False
    note: str = ""
    expected: dict[str, int] | None = None


def router(automation: Automation) -> APIRouter:
    routes = APIRouter()

    @routes.get("/export")
    async def export_all(caller: Caller) -> dict[str, Any]:
        """Every automation as a file holds it."""
        return {"automations": await automation.trust.export(caller)}

    @routes.get("/{id}/export")
    async def export(id: str, caller: Caller) -> dict[str, Any]:
        """One automation as a file holds it."""
        return {"automations": await automation.trust.export(caller, id)}

    @routes.post("/import")
    async def take_in(body: TakenIn, caller: Caller) -> dict[str, Any]:
        """Reviews texts (what each would change), or publishes them: new ones switched off, known ones as a new
        version."""
        if not body.publish:
            return {"reviews": [_review(one) for one in await automation.trust.review(caller, body.automations)]}
        done = await automation.trust.take_in(caller, body.automations, note=body.note, expected=body.expected)
        return {"reviews": [_review(one) for one in done]}

    @routes.get("/{id}/versions")
    async def versions(id: str, caller: Caller) -> dict[str, Any]:
        """Every version, newest first: who published it, when and why."""
        return {"versions": [_version(one) for one in await automation.trust.versions(caller, id)]}

    @routes.get("/{id}/versions/{number}")
    async def version(id: str, number: int, caller: Caller) -> dict[str, Any]:
        """One version with its definition."""
        return _version(await automation.trust.version(caller, id, number))

    @routes.get("/{id}/diff")
    async def differences(id: str, before: int, after: int, caller: Caller) -> dict[str, Any]:
        """What leads from one version to another, as lines."""
        return {"changes": [asdict(one) for one in await automation.trust.differences(caller, id, before, after)]}

    @routes.post("/{id}/rollback")
    async def roll_back(id: str, body: Back, caller: Caller) -> dict[str, Any]:
        """Publishes the text of an old version as a new one."""
        return info_shape(await automation.trust.roll_back(caller, id, body.version, body.note))

    @routes.get("/{id}/acts")
    async def acts(id: str, caller: Caller, limit: int = 100) -> dict[str, Any]:
        """What people did with it, newest first: changes, switches, retries, decisions."""
        return {"acts": await automation.acts(caller, id, limit)}

    return routes


def _version(one: Version) -> dict[str, Any]:
    shown = {
        "version": one.version, "name": one.name, "note": one.note, "published_by": one.published_by,
        "published_at": one.published_at, "live": one.live, "nodes": one.nodes, "under_way": one.under_way,
    }  # fmt: skip
    return shown if one.definition is None else {**shown, "definition": msgspec.to_builtins(one.definition)}


def _review(one: Review) -> dict[str, Any]:
    return {**asdict(one), "changes": [asdict(change) for change in one.changes]}
