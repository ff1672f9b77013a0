"""Texts of Slack with who and what they name turned into who and what is here. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_NAMED = re.compile(r"<([@#!])([^<>|]*)(?:\|([^<>]*))?>")
_PLACE = re.compile(
    r"https?://[\w-]+(?:\.enterprise)?\.slack\.com/archives/([CGD][A-Z0-9]+)(/p\d{16})?(?:\?([^\s<>|\"]*))?"
)
# Export links carry a token that opens the file to whoever has the link.
_TOKEN = re.compile(r"([?&])t=xox[a-z]-[\w-]+&?")
_NO_TEXT = frozenset({"type", "block_id", "action_id", "style", "id", "ts", "color", "emoji", "unicode"})
_LABELS = 5


@dataclass(frozen=True, slots=True)
class Names:
    """Who and what of Slack is who and what of here: `people` and `rooms` by their ids there, `called` what somebody is
    called who is nobody of here, `groups` by their handles. `site` is the address of this server."""

    people: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    rooms: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    room_names: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    site: str = ""


def text(said: str, names: Names) -> str:
    """A text in Slack's markup, as it is said here."""
    if "<" in said:
        said = _NAMED.sub(lambda found: _named(names, *found.groups()), said)
    if "slack.com" in said:
        said = _PLACE.sub(lambda found: _place(names, found), said)
    return without_tokens(said)


def without_tokens(said: str) -> str:
    return _TOKEN.sub(r"\1", said).replace("?|", "|").replace("?>", ">") if "=xox" in said else said


def shown(value: Any, names: Names, handles: Mapping[str, str]) -> Any:
    """Blocks and attachments the same way, however deep; `handles` are user groups' by their ids there.

    What could be pressed is shown and cannot be: it would ask a program that is not here, or one that does not know it.
    """
    if isinstance(value, str):
        return text(value, names)
    if isinstance(value, list):
        return [made for item in value if (made := shown(item, names, handles)) is not None]
    if isinstance(value, dict):
        return _element(value, names, handles)
    return value


def handles_in(said: str) -> dict[str, str]:
    """The handles of user groups that a text names, by their ids there."""
    if "<!subteam^" not in said:
        return {}
    return {
        about.removeprefix("subteam^"): label.lstrip("@")
        for kind, about, label in _NAMED.findall(said) if kind == "!" and about.startswith("subteam^") and label
    }  # fmt: skip


def escaped(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _named(names: Names, kind: str, about: str, label: str | None) -> str:
    if kind == "@":
        if about in names.people:
            return f"<@{names.people[about]}>"
        return "@" + (label.lstrip("@") if label else escaped(names.called.get(about, about)))
    if kind == "#":
        if about in names.rooms:
            ours, name = names.rooms[about]
            return f"<#{ours}>" if label is None else f"<#{ours}|{name}>"
        return "#" + (label or escaped(names.room_names.get(about, about)))
    if about.startswith("subteam^"):
        handle = (label or "").lstrip("@")
        ours = names.groups.get(handle, "")
        return f"<!subteam^{ours}|@{handle}>" if ours else f"@{handle or about.removeprefix('subteam^')}"
    return f"<!{about}{'|' + label if label is not None else ''}>"


def _place(names: Names, found: re.Match[str]) -> str:
    room, ts, query = found.groups()
    if room not in names.rooms:
        return found.group(0)
    ours = names.rooms[room][0]
    kept = [
        f"cid={ours}" if one.startswith("cid=") else one
        for one in re.split(r"&(?:amp;)?", query or "") if one.startswith(("thread_ts=", "cid="))
    ]  # fmt: skip
    return f"{names.site}archives/{ours}{ts or ''}{'?' + '&amp;'.join(kept) if kept else ''}"


def _element(value: Mapping[str, Any], names: Names, handles: Mapping[str, str]) -> dict[str, Any] | None:
    kind = value.get("type")
    if kind == "user" and "user_id" in value:
        return _who(value, "user_id", names.people.get(str(value["user_id"])),
                    "@" + names.called.get(str(value["user_id"]), str(value["user_id"])))  # fmt: skip
    if kind == "channel" and "channel_id" in value:
        room = str(value["channel_id"])
        ours = names.rooms[room][0] if room in names.rooms else None
        return _who(value, "channel_id", ours, "#" + names.room_names.get(room, room))
    if kind == "usergroup" and "usergroup_id" in value:
        handle = handles.get(str(value["usergroup_id"]), "")
        return _who(value, "usergroup_id", names.groups.get(handle), "@" + (handle or str(value["usergroup_id"])))
    if kind in ("actions", "input"):
        return _pressed(value)
    made: dict[str, Any] = {}
    for key, item in value.items():
        if key in ("files", "callback_id", "actions", "bot_id", "app_id", "app_unfurl_url", "bot_team_id"):
            continue
        if key == "accessory" and isinstance(item, dict) and item.get("type") != "image":
            continue
        made[key] = item if key in _NO_TEXT else shown(item, names, handles)
    return made


def _who(value: Mapping[str, Any], key: str, ours: str | None, called: str) -> dict[str, Any]:
    if ours:
        return {**value, key: ours}
    style = {name: on for name, on in dict(value.get("style") or {}).items() if name in ("bold", "italic", "strike")}
    return {"type": "text", "text": called, **({"style": style} if style else {})}


def _pressed(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """A row of buttons, or a field, as the words on it."""
    words = [word for word in _labels(value.get("elements") or [value.get("label")]) if word][:_LABELS]
    if not words:
        return None
    return {"type": "context", "elements": [{"type": "plain_text", "text": f"[{word[:75]}]"} for word in words]}


def _labels(items: list[Any]) -> list[str]:
    found = []
    for item in items:
        label = item.get("text") or item.get("placeholder") if isinstance(item, dict) else None
        if isinstance(label, dict):
            label = label.get("text")
        if isinstance(label, str):
            found.append(label)
    return found
