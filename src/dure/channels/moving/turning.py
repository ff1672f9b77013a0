"""A message of an export as one of here: who said it, when, what, under what. Pure; nothing is looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from dure.channels.model import Draft, ts_of
from dure.channels.moving import texts
from dure.channels.moving.model import Left
from dure.channels.moving.texts import Names
from dure.channels.refusals import BadTimestamp
from dure.channels.rules import check_draft, clean, plain
from dure.kernel.errors import DureError

_LONGEST = 40_000
# Lines about a channel, as they are called here, and which field says what about.
_LINES = {
    "channel_join": "", "group_join": "", "channel_leave": "", "group_leave": "", "channel_topic": "topic",
    "group_topic": "topic", "channel_purpose": "purpose", "group_purpose": "purpose", "channel_name": "name",
    "group_name": "name",
}  # fmt: skip
# What is said like anything else.
_SAID = frozenset(
    {"", "bot_message", "thread_broadcast", "reply_broadcast", "file_share", "file_comment", "file_mention",
     "document_mention", "me_message", "tombstone"}
)  # fmt: skip
# No message of its own: what another one became.
_NONE = frozenset({"message_changed", "message_deleted", "message_replied"})
_WORDS = {
    "en": {"left": "left in Slack", "gone": "a file that was deleted", "limit": "a file beyond Slack's limit"},
    "ko": {"left": "Slack에 남음", "gone": "삭제된 파일", "limit": "Slack 한도를 넘은 파일"},
}


@dataclass(frozen=True, slots=True)
class Turned:
    """`author` is who said it by their id there, "" for a bot that is nobody's (`username` is what it called itself).
    `theirs` is its timestamp there. `reactions` are (name, their ids). `files` are as the export has them."""

    theirs: int
    thread: int | None
    author: str
    draft: Draft
    deleted: bool = False
    edited_at: datetime | None = None
    edited_by: str = ""
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    left: tuple[Left, ...] = field(default=())


def turned(raw: Any, names: Names) -> Turned | Left:
    """The message, or why it is none."""
    if not isinstance(raw, dict) or raw.get("type", "message") != "message":
        return Left("message", "unknown", _short(raw))
    try:
        ts = ts_of(raw.get("ts"))
    except BadTimestamp:
        ts = 0
    if not ts:
        return Left("message", "no_time", _short(raw))
    subtype = str(raw.get("subtype") or "")
    if subtype in _NONE:
        return Left("message", "unknown", subtype, ts=str(raw["ts"]))
    left: list[Left] = []
    draft = _draft(raw, subtype, names, left)
    thread = _thread(raw, ts)
    files = tuple(one for one in _list(raw.get("files")) or _list(raw.get("file")) if isinstance(one, dict))
    edited = raw.get("edited") if isinstance(raw.get("edited"), dict) else None
    return Turned(
        ts, thread, str(raw.get("user") or ""),
        replace(draft, thread=thread, broadcast=thread is not None and subtype in ("thread_broadcast",
                                                                                  "reply_broadcast")),
        subtype == "tombstone", _moment(edited["ts"]) if edited and "ts" in edited else None,
        str((edited or {}).get("user") or ""), tuple(_reactions(raw, left)), files,
        tuple(replace(one, ts=str(raw["ts"])) for one in left),
    )  # fmt: skip


def file_line(raw: Mapping[str, Any], language: str) -> str:
    """What stands where a file was that was not brought in."""
    words = _WORDS["ko" if language == "ko" else "en"]
    mode = raw.get("mode")
    if mode == "tombstone":
        return f"📎 ({words['gone']})"
    if mode == "hidden_by_limit":
        return f"📎 ({words['limit']})"
    name = texts.escaped(str(clean(str(raw.get("title") or raw.get("name") or raw.get("id") or "?")))[:255])
    address = str(raw.get("external_url") or raw.get("url_private") or "")
    if raw.get("is_external") and address.startswith(("https://", "http://")):
        return f"📎 <{texts.without_tokens(address).split('|')[0].replace('>', '')}|{name}>"
    size = raw.get("size")
    told = [_bytes(size)] if isinstance(size, int) and size > 0 else []
    return f"📎 {name} ({', '.join([*told, words['left']])})"


def with_lines(draft: Draft, lines: Sequence[str]) -> Draft:
    """The draft with such lines below what it says, in its text and where its blocks are shown."""
    if not lines:
        return draft
    said = "\n".join([*([draft.text] if draft.text else []), *lines])
    blocks = draft.blocks
    if blocks:
        shown = {"type": "context", "elements": [{"type": "mrkdwn", "text": "\n".join(lines)[:3_000]}]}
        blocks = [*blocks, shown]
    return replace(draft, text=said[:_LONGEST], blocks=blocks)


def checked(draft: Draft) -> tuple[Draft, list[Left]]:
    """The draft as it can be kept: what of it cannot gives way to its words. Raises where nothing is left of it."""
    if len(draft.text) > _LONGEST:
        kept, left = checked(replace(draft, text=draft.text[:_LONGEST]))
        return kept, [*left, Left("message", "cut", f"{len(draft.text):,}")]
    try:
        return check_draft(draft), []
    except DureError as refusal:
        if not (draft.blocks or draft.attachments or draft.metadata):
            raise
        words = clean(draft.text) or plain("", draft.blocks, _LONGEST) or plain("", draft.attachments, _LONGEST)
        why = Left("blocks", "unknown", f"{type(refusal).__name__}: {refusal}"[:300])
        bare = replace(draft, text=words, blocks=None, metadata=None)
    try:
        return check_draft(bare), [why]
    except DureError:
        return check_draft(replace(bare, attachments=None)), [why]


def _draft(raw: Mapping[str, Any], subtype: str, names: Names, left: list[Left]) -> Draft:
    said = raw.get("text")
    said = said if isinstance(said, str) else ""
    if subtype in _LINES:
        about = str(clean(str(raw.get(_LINES[subtype]) or "")))[:250] if _LINES[subtype] else ""
        return Draft(texts.text(about, names), subtype=subtype.replace("group_", "channel_"))
    handles = texts.handles_in(said)
    words = texts.text(said, names)
    if subtype == "file_comment" and isinstance(raw.get("comment"), dict) and not words:
        words = texts.text(str(raw["comment"].get("comment") or ""), names)
    blocks = texts.shown(_list(raw.get("blocks")), names, handles) or None
    attachments = texts.shown([one for one in _list(raw.get("attachments")) if isinstance(one, dict)], names, handles)
    metadata = raw.get("metadata") if isinstance(raw.get("metadata"), dict) else None
    if subtype not in _SAID:
        # Kept as words that can be read, whatever Slack makes of it.
        words = words or f"({subtype.replace('_', ' ')})"
        left.append(Left("message", "as_text", subtype))
    username = str(raw.get("username") or _of(raw.get("bot_profile"), "name") or "")
    icons = raw.get("icons") if isinstance(raw.get("icons"), dict) else None
    emoji = (icons or {}).get("emoji")
    return Draft(
        words, blocks, attachments or None, metadata, username=username[:80],
        subtype="me_message" if subtype == "me_message" else "",
        icons={"emoji": emoji} if isinstance(emoji, str) and len(emoji) < 100 else None,
    )  # fmt: skip


def _thread(raw: Mapping[str, Any], ts: int) -> int | None:
    if not raw.get("thread_ts"):
        return None
    try:
        thread = ts_of(raw["thread_ts"])
    except BadTimestamp:
        return None
    return thread if thread and thread != ts else None


def _reactions(raw: Mapping[str, Any], left: list[Left]) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for one in _list(raw.get("reactions")):
        if not isinstance(one, dict) or not isinstance(one.get("name"), str) or not one["name"]:
            continue
        users = tuple(dict.fromkeys(str(user) for user in _list(one.get("users"))))
        missing = one["count"] - len(users) if isinstance(one.get("count"), int) else 0
        if missing > 0:
            left.append(Left("reaction", "no_names", f":{one['name']}: × {missing}"))
        if users:
            found.append((str(clean(one["name"]))[:100], users))
    return found


def _moment(ts: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(ts_of(ts) / 1_000_000, UTC)
    except (BadTimestamp, ValueError, OverflowError, OSError):
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _short(raw: Any) -> str:
    return str(clean(str(raw)))[:200]


def _bytes(size: int) -> str:
    for unit in ("B", "KB", "MB"):
        if size < 1_000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size = size / 1_000  # type: ignore[assignment]
    return f"{size:.1f} GB"
