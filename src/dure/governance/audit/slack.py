"""Entries in the shape of Slack's Audit Logs API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.governance.audit.api import Entry
from dure.governance.model import Workspace
from dure.governance.plugs import Audited

SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "workspace": {"id": "string", "name": "string", "domain": "string"},
    "enterprise": {"id": "string", "name": "string", "domain": "string"},
    "user": {"id": "string", "name": "string", "email": "string", "team": "string"},
    "file": {"id": "string", "name": "string", "filetype": "string", "title": "string"},
    "channel": {
        "id": "string", "name": "string", "privacy": "string", "is_shared": "bool", "is_org_shared": "bool",
        "teams_shared_with": "Optional: vec<string>",
    },
    "app": {
        "id": "string", "name": "string", "is_distributed": "bool", "is_directory_approved": "bool",
        "is_workflow_app": "bool", "scopes": "array",
    },
    "workflow": {"id": "string", "name": "string"},
    "usergroup": {"id": "string", "name": "string"},
    "role": {"id": "string", "name": "string", "type": "string"},
    "barrier": {"id": "string", "primary_usergroup": "string", "barriered_from_usergroup": "string"},
    "message": {"team": "string", "channel": "string", "timestamp": "string"},
    "canvas": {"id": "string", "filetype": "string", "title": "string"},
    "emoji": {"id": "string", "name": "string"},
    "token": {"id": "string", "name": "string"},
}  # fmt: skip
_CATEGORY = {
    "workspace": "workspace_or_org", "enterprise": "workspace_or_org", "emoji": "workspace_or_org",
    "usergroup": "subteam", "workflow": "workflow_builder", "token": "app",
}  # fmt: skip


def categories(rows: Mapping[str, Audited]) -> dict[str, list[str]]:
    """Every action that can leave an entry, by Slack's categories; what Slack knows nothing of is under `dure`."""
    found: dict[str, set[str]] = {}
    for event, row in rows.items():
        entity = row.entity if isinstance(row.entity, str) else row.of
        category = _CATEGORY.get(entity, entity if entity in SCHEMAS else "dure")
        names = row.one_of or (row.action if isinstance(row.action, str) and row.action else _own(event),)
        found.setdefault(category, set()).update(names)
    return {category: sorted(found[category]) for category in sorted(found)}


def shown(entry: Entry, names: Mapping[str, Mapping[str, Any]], spaces: Mapping[str, Workspace]) -> dict[str, Any]:
    """One entry; what people and places are called is what they are called today."""
    told = entry.told
    return {
        "id": told["id"],
        "date_create": told["date_create"],
        "action": told["action"],
        "actor": {"type": "user", "user": _user(told["actor"], names, told["workspace"])},
        "entity": _entity(told, names, spaces),
        "context": _context(told, names, spaces),
        "details": told["details"],
    }


def _own(event: str) -> str:
    return event.lower().replace(" ", "_")


def _user(id: str, names: Mapping[str, Mapping[str, Any]], team: str) -> dict[str, Any]:
    known = names.get(id, {})
    return {"id": id, "name": known.get("name", id), "email": known.get("email", ""), "team": known.get("team", team)}


def _entity(
    told: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]], spaces: Mapping[str, Workspace]
) -> dict[str, Any]:
    kind, what, details = told["entity"]["type"], told["entity"]["id"], told["details"]
    name = names.get(what, {}).get("name") or details.get("name") or ""
    made: dict[str, Any]
    match kind:
        case "user":
            made = _user(what, names, told["workspace"])
        case "workspace" | "enterprise":
            made = {"id": what, "name": name, "domain": spaces[what].domain if what in spaces else ""}
        case "channel":
            shared = told["action"].startswith("external_shared_channel")
            made = {
                "id": what, "name": details.get("channel_name", ""),
                "privacy": "private" if details.get("private") else "public", "is_shared": shared,
                "is_org_shared": False,
            }  # fmt: skip
        case "file":
            made = {"id": what, "name": "", "filetype": details.get("filetype", ""), "title": ""}
        case "app":
            made = {
                "id": what, "name": name, "is_distributed": False, "is_directory_approved": False,
                "is_workflow_app": False, "scopes": details.get("scopes", []),
            }  # fmt: skip
        case "canvas":
            made = {"id": what, "filetype": "quip", "title": ""}
        case _:
            made = {"id": what, "name": name}
    return {"type": kind, kind: made}


def _context(
    told: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]], spaces: Mapping[str, Workspace]
) -> dict[str, Any]:
    where, came = spaces.get(told["workspace"]), told.get("context", {})
    made: dict[str, Any] = {
        "location": {
            "type": "workspace", "id": told["workspace"], "name": where.name if where else "",
            "domain": where.domain if where else "",
        },
        "ua": came.get("ua", ""),
        "ip_address": came.get("ip", ""),
    }  # fmt: skip
    if "session" in came:
        made["session_id"] = int(came["session"])
    if "app" in came:
        made["app"] = {"id": came["app"], "name": names.get(came["app"], {}).get("name", "")}
    return made
