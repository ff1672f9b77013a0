"""User groups as Slack's clients expect them."""

from __future__ import annotations

from typing import Any

from dure.channels.groups.model import Group


def group(it: Group, *, count: bool = False, users: bool = False) -> dict[str, Any]:
    """A user group as Slack has it; its people and their number only where they are asked for."""
    shape: dict[str, Any] = {
        "id": it.id,
        "team_id": it.workspace,
        "is_usergroup": True,
        "is_subteam": True,
        "name": it.name,
        "description": it.description,
        "handle": it.handle,
        "is_external": False,
        "date_create": int(it.created_at.timestamp()),
        "date_update": int(it.updated_at.timestamp()),
        "date_delete": int(it.deleted_at.timestamp()) if it.deleted_at else 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": it.created_by,
        "updated_by": it.updated_by,
        "deleted_by": it.deleted_by or None,
        "prefs": {"channels": list(it.channels), "groups": []},
    }
    if users:
        shape["users"] = list(it.users)
    if count:
        shape["user_count"] = len(it.users)
    return shape
