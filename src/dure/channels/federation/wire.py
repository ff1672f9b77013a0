"""How a message, a person and a text are written between servers.

`U…` is an id of the server that writes, `~U…` one of the server that reads. What a text names is written so too:
`<@~U…>`. With every entry go the names of those people of the writer that it mentions. Nothing but what is shown
crosses: no e-mail, no phone, no profile fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.channels.content import mentions_in
from dure.channels.federation.refusals import BadEntry
from dure.channels.model import Draft, Message, Reaction, ts_of, ts_text
from dure.channels.rules import check_draft, clean
from dure.kernel.errors import DureError

_NAMED = re.compile(r"<@(~?[UW][A-Z0-9]{1,30})(\|[^>]*)?>")
_TEXT = 40_000


def named(said: Message) -> list[str]:
    """Everybody whose name somebody needs who reads a message."""
    people = [said.user, said.edited_by or "", *(name for name in said.mentions if name[:1] in ("U", "W"))]
    return [*dict.fromkeys(one for one in (*people, *(u for r in said.reactions for u in r.users)) if one)]


def message(said: Message, out: Callable[[str], str], files: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A message as it crosses; `out` writes a person's id for the other side."""
    told: dict[str, Any] = {
        "ts": ts_text(said.ts),
        "thread_ts": ts_text(said.thread) if said.thread else None,
        "broadcast": said.broadcast,
        "user": out(said.user),
        "subtype": said.subtype,
        "text": translated(said.text, out),
    }
    more = {
        "username": said.username, "blocks": translated(said.blocks, out),
        "attachments": translated(said.attachments, out), "metadata": said.metadata,
        "client_msg_id": said.client_msg_id, "icons": said.icons, "deleted": said.deleted, "files": list(files),
        "edited_at": said.edited_at.isoformat() if said.edited_at else None,
        "edited_by": out(said.edited_by) if said.edited_by else None,
        "reactions": [{"name": one.name, "users": [out(user) for user in one.users]} for one in said.reactions],
    }  # fmt: skip
    return {**told, **{name: value for name, value in more.items() if value}}


def message_of(told: Mapping[str, Any], channel: str, teams: Mapping[str, str], come: Callable[[str], str]) -> Message:
    """A message as it is kept here. What does not pass as content is kept as its text alone. Raises BadEntry."""
    user = come(text(told, "user"))
    body = draft_of(told, come)
    reactions = tuple(
        Reaction(str(one["name"])[:100], tuple(come(str(who)) for who in one["users"])[:1000])
        for one in several(told, "reactions") if isinstance(one.get("users"), list)
    )  # fmt: skip
    thread = told.get("thread_ts")
    return Message(
        channel, ts_of(text(told, "ts")), ts_of(thread) if thread else None, bool(told.get("broadcast")), user, "",
        teams.get(user, ""), body.username, str(told.get("subtype", ""))[:40], body.text, body.blocks, body.attachments,
        body.metadata or None, body.client_msg_id, at(told.get("edited_at")),
        come(str(told["edited_by"])) if told.get("edited_by") else None, bool(told.get("deleted")), 0, None, (),
        reactions=reactions, icons=body.icons, mentions=mentions_in(body.text, body.blocks),
    )  # fmt: skip


def draft_of(told: Mapping[str, Any], come: Callable[[str], str]) -> Draft:
    """What is said, with its people as they are called here."""
    said = translated(clean(str(told.get("text") or ""))[:_TEXT], come)
    known = told.get("client_msg_id")
    plain = Draft(
        said,
        client_msg_id=clean(str(known))[:100] if known else None,
        username=clean(str(told.get("username") or ""))[:80],
    )
    try:
        whole = Draft(
            said, _list(translated(told.get("blocks"), come)), _list(translated(told.get("attachments"), come)),
            _object(told.get("metadata")), client_msg_id=plain.client_msg_id, username=plain.username,
            icons=_object(told.get("icons")),
        )  # fmt: skip
        return check_draft(whole)
    except (DureError, TypeError, ValueError, AttributeError, KeyError):
        return plain


def translated(value: Any, how: Callable[[str], str]) -> Any:
    """A text, or blocks however deep, with everybody named as the other side calls them."""
    if isinstance(value, str):
        return _NAMED.sub(lambda found: f"<@{how(found[1])}>", value) if "<@" in value else value
    if isinstance(value, list):
        return [translated(item, how) for item in value]
    if isinstance(value, dict):
        made = {name: translated(item, how) for name, item in value.items()}
        if value.get("type") == "user" and isinstance(value.get("user_id"), str):
            made["user_id"] = how(value["user_id"])
        return made
    return value


def names_in(value: Any) -> Iterator[str]:
    """The ids that a text or blocks name."""
    if isinstance(value, str):
        yield from (found[1] for found in _NAMED.finditer(value))
    elif isinstance(value, list):
        for item in value:
            yield from names_in(item)
    elif isinstance(value, dict):
        if value.get("type") == "user" and isinstance(value.get("user_id"), str):
            yield value["user_id"]
        for item in value.values():
            yield from names_in(item)


def people_in(told: Mapping[str, Any]) -> Iterator[str]:
    """Everybody whom a message as it crosses names: who said, changed and reacted to it, and whom its content does."""
    yield from (one for one in (told.get("user"), told.get("edited_by")) if isinstance(one, str))
    for reaction in told.get("reactions") or ():
        if isinstance(reaction, dict) and isinstance(reaction.get("users"), list):
            yield from (one for one in reaction["users"] if isinstance(one, str))
    yield from names_in({name: told.get(name) for name in ("text", "blocks", "attachments")})


def text(told: Mapping[str, Any], name: str, most: int = 200) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value or len(value) > most:
        raise BadEntry(f"`{name}` is a text of 1 to {most} letters.", field=name)
    return str(clean(value))


def part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = told.get(name)
    if not isinstance(value, Mapping):
        raise BadEntry(f"`{name}` is an object.", field=name)
    return value


def several(told: Mapping[str, Any], name: str, most: int = 5000) -> list[dict[str, Any]]:
    value = told.get(name) or []
    if not isinstance(value, list) or len(value) > most or not all(isinstance(one, dict) for one in value):
        raise BadEntry(f"`{name}` is a list of objects.", field=name)
    return value


def at(value: Any) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadEntry(f"{value!r} is no time.") from error
    if moment.tzinfo is None:
        raise BadEntry(f"{value!r} has no zone.")
    return moment


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) and value else None


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) and value else None
