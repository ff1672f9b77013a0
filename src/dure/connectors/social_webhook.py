"""A webhook of anybody's: signed, and with a mapping from its own fields to a mention's.

The signature is an HMAC-SHA256 of the body under a shared secret, in a header of the sender's choice, with or without
`sha256=` before it. With a header for the time, `seconds.body` is what is signed, and an old call is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from dure.connectors.polite import moment
from dure.kernel.errors import Invalid
from dure.social.model import NewMention
from dure.social.plugs import Call, Field, Given, Manifest, Pulled, Raw, Trouble

_LATE = 300
_FIELDS = ("id", "text", "title", "author", "handle", "url", "language", "parent", "thread", "email", "kind", "network")
_KINDS = ("post", "comment", "review", "message", "article")


class Webhook:
    """Fills `Checks` and `Hears`."""

    manifest = Manifest(
        name="webhook", network="webhook", title={"ko": "웹훅", "en": "Webhook"},
        about={"ko": "서명된 호출을 받아, 정한 대로 칸을 옮겨 담습니다.",
               "en": "Takes signed calls, and maps their fields as you say."},
        basis="own_data", can=frozenset({"hear", "edits", "deletions"}),
        settings=(
            Field("network", {"ko": "네트워크 이름", "en": "Network's name"}, default="webhook"),
            Field("mapping", {"ko": "칸 대응", "en": "Mapping"}, "long", default="id=id\ntext=text",
                  hint={"ko": "한 줄에 하나씩: text=post.body", "en": "One a line: text=post.body"}),
            Field("items", {"ko": "목록이 있는 곳", "en": "Where the list is"}, required=False,
                  hint={"ko": "한 호출에 여럿일 때: data.items", "en": "Where a call holds many: data.items"}),
            Field("header", {"ko": "서명 헤더", "en": "Header of the signature"}, default="x-signature-256"),
            Field("time", {"ko": "시각 헤더", "en": "Header of the time"}, required=False,
                  hint={"ko": "있으면 시각.본문에 서명합니다", "en": "If there is one, seconds.body is signed"}),
        ),
        secrets=(Field("secret", {"ko": "서명 비밀 값", "en": "Signing secret"}),),
        terms={"ko": "보내는 쪽이 가진 자료입니다.", "en": "Data that the sender has."},
    )  # fmt: skip

    def check(self, settings: Mapping[str, str]) -> None:
        try:
            _mapping(settings["mapping"])
        except Trouble as error:
            raise Invalid(error.detail, field="settings.mapping") from error

    async def hear(self, given: Given, call: Call) -> Pulled:
        _prove(given, call)
        try:
            said = json.loads(call.body)
        except ValueError as error:
            raise Trouble("unreadable", "The call is not JSON.") from error
        mapping = _mapping(given.settings["mapping"])
        items = _at(said, given.settings.get("items", ""))
        items = items if isinstance(items, list) else [items]
        mentions, gone = [], []
        for number, item in enumerate(items):
            known = str(_at(item, mapping["id"]) or "")
            if not known:
                raise Trouble("unreadable", f"Nothing is at `{mapping['id']}` of item {number}.")
            if mapping.get("deleted") and _at(item, mapping["deleted"]):
                gone.append(known)
            else:
                mentions.append(_mention(given, mapping, item))
        body = call.body.decode("utf-8", "replace")
        raw = [Raw("webhook", body, [one.id for one in mentions])] if mentions else []
        return Pulled({}, mentions, gone, network=given.settings["network"].lower(), raw=raw)


def _prove(given: Given, call: Call) -> None:
    signature = call.headers.get(given.settings["header"].lower(), "").removeprefix("sha256=").strip().lower()
    signed = call.body
    if name := given.settings.get("time", ""):
        seconds = call.headers.get(name.lower(), "")
        if not seconds.isdigit() or abs(given.now.timestamp() - int(seconds)) > _LATE:
            raise Trouble("unsigned", "The call's time is not now.")
        signed = seconds.encode() + b"." + call.body
    wanted = hmac.new(given.secrets["secret"].encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise Trouble("unsigned")


def _mapping(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        name, equals, path = (part.strip() for part in line.partition("="))
        if not name and not equals:
            continue
        if name not in (*_FIELDS, "posted_at", "edited_at", "rating", "reach", "direct", "deleted") or not path:
            raise Trouble("settings", f"The mapping's line {line!r} means nothing.")
        found[name] = path
    for needed in ("id", "text"):
        if needed not in found:
            raise Trouble("settings", f"The mapping names no `{needed}`.")
    return found


def _at(value: Any, path: str) -> Any:
    """What is at `a.b.0.c`; None where nothing is."""
    for part in filter(None, path.split(".")):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _mention(given: Given, mapping: Mapping[str, str], item: Any) -> NewMention:
    found = {name: _at(item, path) for name, path in mapping.items()}
    texts: dict[str, Any] = {name: str(found[name]) for name in _FIELDS if found.get(name) not in (None, "")}
    if texts.get("kind") not in (None, *_KINDS):
        raise Invalid(f"`kind` is one of {', '.join(_KINDS)}.", field="kind")
    rating, reach = found.get("rating"), found.get("reach")
    return NewMention(
        **{"network": given.settings["network"], "text": "", **texts}, posted_at=moment(found.get("posted_at")),
        edited_at=moment(found.get("edited_at")), rating=round(float(rating)) if rating not in (None, "") else None,
        reach=int(float(reach)) if reach not in (None, "") else 0, direct=bool(found.get("direct")),
    )  # fmt: skip
