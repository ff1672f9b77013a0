"""What apps are told about what a person did, in the shapes of Slack's interactivity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dure.channels.apps.model import Installation
from dure.channels.interaction.model import View
from dure.channels.model import Conversation, Message, ts_text
from dure.channels.slack import shapes
from dure.governance.api import Principal, User, Workspace

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """Who did something, with which app, and where that app is installed."""

    principal: Principal
    user: User
    app: Installation
    workspace: Workspace


def _who(scene: Scene) -> Json:
    handle = shapes.user(scene.user, scene.principal)["name"]
    return {"id": scene.user.id, "username": handle, "name": handle, "team_id": scene.user.workspace}


def _about(scene: Scene, kind: str) -> Json:
    """The organisation is named as `auth.test`, `oauth.v2.access` and events name it: apps find their tokens by it."""
    space = scene.workspace
    return {
        "type": kind,
        "team": {"id": space.id, "domain": space.domain, "enterprise_id": space.org, "enterprise_name": space.org_name},
        "user": _who(scene),
        "api_app_id": scene.app.app,
        "token": scene.app.verification_token,
        "enterprise": {"id": space.org, "name": space.org_name},
        "is_enterprise_install": False,
    }


def channel(found: Conversation) -> Json:
    names = {"im": "directmessage", "mpim": "privategroup"}
    return {"id": found.id, "name": names.get(found.kind) or ("privategroup" if found.private else found.name)}


def message_actions(
    scene: Scene, found: Conversation, said: Message, action: Json, values: Json, *, trigger: str, answer_at: str,
    aside: bool,
) -> Json:  # fmt: skip
    return {
        **_about(scene, "block_actions"),
        "container": {
            "type": "message",
            "message_ts": ts_text(said.ts),
            "channel_id": found.id,
            "is_ephemeral": aside,
            **({"thread_ts": ts_text(said.thread)} if said.thread else {}),
        },
        "trigger_id": trigger,
        "channel": channel(found),
        "message": shapes.message(said, metadata=True),
        "state": {"values": values},
        "response_url": answer_at,
        "actions": [action],
    }


def view_actions(scene: Scene, view: View, action: Json, values: Json, *, trigger: str) -> Json:
    return {
        **_about(scene, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger,
        "view": view_shape(view, values),
        "actions": [action],
    }


def attachment_action(
    scene: Scene, found: Conversation, said: Message, attachment: Json, number: int, action: Json, *, trigger: str,
    answer_at: str,
) -> Json:  # fmt: skip
    """A button or menu of an attachment, as it was before blocks."""
    return {
        **_about(scene, "interactive_message"),
        "actions": [action],
        "callback_id": str(attachment.get("callback_id") or ""),
        "channel": channel(found),
        "action_ts": action.pop("action_ts"),
        "message_ts": ts_text(said.ts),
        "attachment_id": str(attachment.get("id") or number),
        "is_app_unfurl": False,
        "original_message": shapes.message(said),
        "response_url": answer_at,
        "trigger_id": trigger,
    }


def suggestion(scene: Scene, block_id: str, action_id: str, typed: str, place: Mapping[str, Any]) -> Json:
    return {
        **_about(scene, "block_suggestion"), "action_id": action_id, "block_id": block_id, "value": typed, **place,
    }  # fmt: skip


def view_place(view: View) -> Json:
    return {"container": {"type": "view", "view_id": view.id}, "view": view_shape(view, {})}


def message_place(found: Conversation, said: Message) -> Json:
    return {
        "container": {"type": "message", "message_ts": ts_text(said.ts), "channel_id": found.id},
        "channel": channel(found),
        "message": shapes.message(said),
    }


def view_submission(scene: Scene, view: View, values: Json, response_urls: list[Json], *, trigger: str) -> Json:
    return {
        **_about(scene, "view_submission"),
        "trigger_id": trigger,
        "view": view_shape(view, values),
        "response_urls": response_urls,
    }


def view_closed(scene: Scene, view: View, values: Json, *, cleared: bool) -> Json:
    return {**_about(scene, "view_closed"), "view": view_shape(view, values), "is_cleared": cleared}


def shortcut(scene: Scene, callback_id: str, *, trigger: str, at: str) -> Json:
    return {**_about(scene, "shortcut"), "action_ts": at, "callback_id": callback_id, "trigger_id": trigger}


def message_action(
    scene: Scene, callback_id: str, found: Conversation, said: Message, *, trigger: str, answer_at: str, at: str
) -> Json:
    return {
        **_about(scene, "message_action"),
        "action_ts": at,
        "callback_id": callback_id,
        "trigger_id": trigger,
        "channel": channel(found),
        "message_ts": ts_text(said.ts),
        "message": shapes.message(said),
        "response_url": answer_at,
    }


def command(
    scene: Scene, found: Conversation, name: str, text: str, *, trigger: str, answer_at: str
) -> dict[str, str]:  # fmt: skip
    """A slash command: a flat form, in which everything is text."""
    where = channel(found)
    return {
        "token": scene.app.verification_token,
        "team_id": scene.workspace.id,
        "team_domain": scene.workspace.domain,
        "enterprise_id": scene.workspace.org,
        "enterprise_name": scene.workspace.org_name,
        "channel_id": where["id"],
        "channel_name": where["name"],
        "user_id": scene.user.id,
        "user_name": _who(scene)["name"],
        "command": name,
        "text": text,
        "api_app_id": scene.app.app,
        "is_enterprise_install": "false",
        "response_url": answer_at,
        "trigger_id": trigger,
    }


def view_shape(view: View, values: Json | None = None) -> Json:
    """A view as `views.*` answer it and apps are sent it."""
    body = view.body
    shape: Json = {"id": view.id, "team_id": view.team, "type": view.kind, "blocks": body["blocks"]}
    shape |= {key: body[key] for key in ("private_metadata", "callback_id")}
    shape |= {"state": {"values": values or {}}, "hash": view.hash}
    if view.kind == "modal":
        shape |= {key: body[key] for key in ("title", "submit", "close", "submit_disabled")}
    shape |= {
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "root_view_id": view.root,
        "previous_view_id": view.previous or None,
        "app_id": view.app,
        "external_id": view.external_id,
        "app_installed_team_id": view.workspace,
        "bot_id": shapes.bot_id(view.app),
    }
    return shape
