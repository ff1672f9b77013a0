"""People, conversations and messages as Slack writes them in an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dure.channels.model import Conversation, Message, ts_text
from dure.channels.slack import file_shapes, shapes
from dure.governance.api import Role, User


def user(found: User) -> dict[str, Any]:
    names = {"real_name": found.name, "display_name": found.display or found.name}
    return {
        "id": found.id, "team_id": found.workspace, "name": shapes.handle(found), "deleted": found.deleted,
        "real_name": found.name, "is_bot": found.is_bot, "is_admin": found.role in (Role.ADMIN, Role.OWNER),
        "is_owner": found.role is Role.OWNER, "is_restricted": found.role is Role.GUEST,
        "profile": {**names, "title": found.title, **({} if found.is_bot else {"email": found.email})},
    }  # fmt: skip


def room(found: Conversation, members: Sequence[str], pins: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    """In which list a conversation stands, and how. Of its members only the workspace's own are named."""
    created = int(found.created_at.timestamp())
    if found.kind == "im":
        return "dms", {"id": found.id, "created": created, "members": list(members)}
    shape = {
        "id": found.id, "name": folder(found), "created": created, "creator": found.creator,
        "is_archived": found.side.archived, "is_general": False, "members": list(members),
        "topic": _words(found.topic, found.topic_by, found.topic_at),
        "purpose": _words(found.purpose, found.purpose_by, found.purpose_at),
        "pins": [{"id": ts_text(pin["ts"]), "type": "C", "created": int(pin["pinned_at"].timestamp()),
                  "user": pin["account"], "owner": pin["account"]} for pin in pins],
        "is_shared": found.is_shared,
    }  # fmt: skip
    if found.kind == "mpim":
        return "mpims", shape
    return ("groups" if found.side.private else "channels"), shape


def folder(found: Conversation) -> str:
    """The folder in which a conversation's days lie."""
    if found.kind == "im":
        return found.id
    if found.kind == "mpim":
        return f"mpdm-{'--'.join(found.people)}-1".lower()
    return found.name


def message(said: Message, people: Mapping[str, User], workspace: str, *, hidden: bool = False) -> dict[str, Any]:
    """A message; its author by name, whichever organisation they are of, and of files only the workspace's own."""
    shape = shapes.message(said, metadata=True, parent=said.parent)
    author = people.get(said.user)
    if author is not None:
        shape["user_profile"] = {
            "name": shapes.handle(author, own=author.workspace == workspace), "real_name": author.name,
            "display_name": author.display or author.name, "team": author.workspace,
        }  # fmt: skip
        shape["user_team"] = shape["source_team"] = said.team
    if said.carried:
        shape["files"] = [
            file_shapes.file(one) if one.workspace == workspace and one.state == "kept"
            else {"id": one.id, "mode": "hidden_by_limit" if one.state == "kept" else "tombstone",
                  "file_access": "access_denied"}
            for one in said.carried
        ]  # fmt: skip
    if hidden:
        shape["hidden"] = True
    return shape


def day(ts: int) -> str:
    return datetime.fromtimestamp(ts // 1_000_000, UTC).strftime("%Y-%m-%d")


def _words(text: str, by: str, at: datetime | None) -> dict[str, Any]:
    return {"value": text, "creator": by, "last_set": int(at.timestamp()) if at else 0}
