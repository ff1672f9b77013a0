"""Segment's HTTP API: its calls, its paths for servers, browsers, phones and pixels, its limits and answers.

https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.pipeline import as_time
from dure.ingest.plugs import Decoded, Outcome, Reply, Request
from dure.ingest.wire import GIF, basic_user, from_base64, utf8
from dure.kernel.errors import Malformed

ONE_CALL = 32 << 10
ONE_BATCH = 500 << 10
CALLS_A_BATCH = 2500

_TYPES = {"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias"}
_BATCHES = ("batch", "b", "import")
_NAMES = {
    "identify": "Identified",
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "group": "Account Identified",
    "alias": "Aliased",
}
# Campaigns of Segment's context under the names that links carry them by.
_CAMPAIGN = {"name": "utm_campaign", "source": "utm_source", "medium": "utm_medium", "term": "utm_term",
             "content": "utm_content"}  # fmt: skip
_DONE = b'{"success":true}'

Id = str | int | float | bool | None
Object = dict[str, Any] | None


class Call(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One of Segment's calls. Fields that it does not have are kept among the properties."""

    type: str | None = None
    event: Id = None
    userId: Id = None  # noqa: N815
    anonymousId: Id = None  # noqa: N815
    previousId: Id = None  # noqa: N815
    groupId: Id = None  # noqa: N815
    messageId: Id = None  # noqa: N815
    timestamp: Id = None
    originalTimestamp: Id = None  # noqa: N815
    sentAt: Id = None  # noqa: N815
    name: Id = None
    category: Id = None
    properties: Object = None
    traits: Object = None
    context: Object = None
    writeKey: str | None = None  # noqa: N815
    integrations: msgspec.Raw = msgspec.Raw()
    channel: msgspec.Raw = msgspec.Raw()
    version: msgspec.Raw = msgspec.Raw()
    receivedAt: msgspec.Raw = msgspec.Raw()  # noqa: N815
    _metadata: msgspec.Raw = msgspec.Raw()


class CallBatch(msgspec.Struct):
    """Many calls in one request; `context` holds for all of them where they say nothing else."""

    batch: list[msgspec.Raw]
    sentAt: Id = None  # noqa: N815
    writeKey: str | None = None  # noqa: N815
    context: Object = None


_read_call = msgspec.json.Decoder(Call).decode
_read_batch = msgspec.json.Decoder(CallBatch).decode
_read_object = msgspec.json.Decoder(dict[str, Any]).decode


class Segment:
    """Fills `EventProtocol`."""

    name = "segment"
    methods: tuple[str, ...] = ("POST", "GET")
    paths: tuple[str, ...] = (
        *(f"/v1/{word}" for word in (*_TYPES, *_TYPES.values(), *_BATCHES)),
        *(f"/v1/pixel/{word}" for word in _TYPES.values()),
    )

    one_call = ONE_CALL
    one_batch = ONE_BATCH

    def limit(self, path: str) -> int:
        return self.one_batch if _last(path) in _BATCHES else self.one_call

    def decode(self, request: Request) -> Decoded:
        word = _last(request.path)
        key = basic_user(request.headers)
        if "/pixel/" in request.path:
            raw, key_in_query = _pixel(request.query)
            return self._one(request, word, key or key_in_query, raw)
        if request.method != "POST":
            raise Malformed("Send events with POST.")
        try:
            str(request.body, "utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("The body is not UTF-8.") from error
        if word in _BATCHES:
            return self._many(request, word, key)
        return self._one(request, _TYPES.get(word, word), key, request.body)

    def answer(self, request: Request, outcome: Outcome) -> Reply:  # noqa: ARG002
        if "/pixel/" in request.path:
            return Reply(200, GIF, "image/gif", {"cache-control": "no-store"})
        return Reply(200, _DONE)

    def failed(self, request: Request, status: int, code: str, message: str) -> Reply:
        if "/pixel/" in request.path:
            # A pixel's sender sees nothing and repeats nothing; Segment answers it with the picture whatever came.
            return Reply(503 if status >= 500 else 200, GIF, "image/gif", {"cache-control": "no-store"})
        body = msgspec.json.encode({"success": False, "code": code, "message": message})
        return Reply(400 if status == 413 else status, body)

    def _one(self, request: Request, type: str, key: str, raw: bytes) -> Decoded:
        try:
            msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        except (msgspec.DecodeError, RecursionError) as error:
            raise Malformed(f"The body is not a JSON object: {error}") from error
        call = _call(raw, self.one_call)
        if isinstance(call, Refused):
            return Decoded(key or _write_key(raw), [call])
        call.type = type
        incoming = _incoming(call, raw, None, request, as_time(_text(call.sentAt)))
        return Decoded(key or call.writeKey or "", [incoming])

    def _many(self, request: Request, word: str, key: str) -> Decoded:
        try:
            batch = _read_batch(request.body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Malformed(f"The body is not a batch of calls in JSON: {error}") from error
        if len(batch.batch) > CALLS_A_BATCH:
            raise Malformed(f"A batch holds at most {CALLS_A_BATCH} calls; this one has {len(batch.batch)}.")
        return Decoded(key or batch.writeKey or "", _calls(batch, request, self.one_call, with_clock=word != "import"))


def settings(write_key: str, host: str) -> bytes:
    """What browser and phone libraries ask for first: send everything back here (`host` without a scheme)."""
    return msgspec.json.encode(
        {
            "integrations": {
                "Segment.io": {
                    "apiKey": write_key,
                    "apiHost": f"{host}/v1",
                    "unbundledIntegrations": [],
                    "addBundledMetadata": True,
                    "maybeBundledConfigIds": {},
                    "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
                }
            },
            "plan": {
                "track": {"__default": {"enabled": True, "integrations": {}}},
                "identify": {"__default": {"enabled": True}},
                "group": {"__default": {"enabled": True}},
            },
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "middlewareSettings": {},
            "enabledMiddleware": {},
            "metrics": {"sampleRate": 0},
            "legacyVideoPluginsEnabled": False,
            "remotePlugins": [],
            "consentSettings": {},
        }
    )


def _calls(batch: CallBatch, request: Request, most: int, *, with_clock: bool) -> Iterator[Incoming | Refused]:
    sent = as_time(_text(batch.sentAt)) if with_clock else None
    shared = batch.context
    for part in batch.batch:
        raw = bytes(part)
        call = _call(raw, most)
        if isinstance(call, Refused):
            yield call
        else:
            own = as_time(_text(call.sentAt)) if with_clock and call.sentAt else None
            yield _incoming(call, raw, shared, request, sent or own)


def _call(raw: bytes, most: int) -> Call | Refused:
    if len(raw) > most:
        return Refused(Reason.TOO_LARGE, raw, f"{len(raw)} bytes; a call has at most {most}.")
    try:
        return _read_call(raw)
    except msgspec.ValidationError as error:
        if "unknown field" in str(error):
            return _with_unknown_fields(raw)
        return Refused(Reason.MALFORMED, raw, str(error))
    except (msgspec.DecodeError, RecursionError) as error:
        return Refused(Reason.MALFORMED, raw, str(error))


def _with_unknown_fields(raw: bytes) -> Call | Refused:
    try:
        fields = _read_object(raw)
        unknown = {name: fields.pop(name) for name in list(fields) if name not in Call.__struct_fields__}
        for name in ("integrations", "channel", "version", "receivedAt", "_metadata"):
            fields.pop(name, None)
        call = msgspec.convert(fields, Call)
    except (msgspec.DecodeError, RecursionError) as error:
        return Refused(Reason.MALFORMED, raw, str(error))
    call.properties = {**unknown, **(call.properties or {})}
    return call


def _incoming(call: Call, raw: bytes, shared: Object, request: Request, sent: Any) -> Incoming | Refused:
    kind = call.type
    properties = call.properties
    if properties is None:
        properties = {}
    context = call.context
    if shared:
        context = {**shared, **context} if context else shared
    name, account, previous = _text(call.event), _text(call.groupId) if call.groupId else "", ""
    if kind != "track":
        known = _NAMES.get(kind or "")
        if known is None:
            return Refused(Reason.UNKNOWN_TYPE, raw, f"{kind!r} is not a call of Segment's.")
        name, previous = known, _text(call.previousId) if kind == "alias" else ""
        _keep_own_fields(properties, kind or "", call)
        if kind == "alias" and not (call.userId and previous):
            return Refused(Reason.NO_IDENTITY, raw, "An alias says previousId and userId.")
        if kind == "group" and not account:
            return Refused(Reason.NO_IDENTITY, raw, "A group call says groupId.")
    if context:
        account = account or _text(context.get("groupId"))
        _keep_context(properties, context, kind or "")
    return Incoming(
        event=name,
        user=_text(call.userId),
        anonymous=_text(call.anonymousId),
        message_id=_text(call.messageId),
        properties=properties,
        received=request.received,
        account=account,
        previous=previous,
        claimed=call.timestamp if call.timestamp is not None else call.originalTimestamp,
        sent=sent,
        raw=raw,
    )


def _keep_own_fields(properties: dict[str, Any], kind: str, call: Call) -> None:
    """What a call says outside its properties, each kind in its own fields."""
    if kind in ("identify", "group"):
        properties.update(call.traits or {})
    elif kind == "alias":
        properties["previous_id"] = _text(call.previousId)
    else:
        for field, value in (("name", call.name), ("category", call.category)):
            if value is not None:
                properties.setdefault(field, value)


def _keep_context(properties: dict[str, Any], context: dict[str, Any], kind: str) -> None:
    """Keeps the context but for `library` and `traits`; a campaign is laid out as the utm_ properties of its link."""
    if kind == "identify" and isinstance(context.get("traits"), dict):
        for name, value in context["traits"].items():
            properties.setdefault(name, value)
    if len(context) == 1 and "library" in context:
        return  # what servers send
    rest = {name: value for name, value in context.items() if name not in ("library", "traits")}
    if isinstance(campaign := rest.get("campaign"), dict):
        for name, value in campaign.items():
            properties.setdefault(_CAMPAIGN.get(name, f"utm_{name}"), value)
    if rest and kind not in ("identify", "group"):
        properties.setdefault("context", rest)


def _pixel(query: str) -> tuple[bytes, str]:
    """The call out of a pixel's address: `data` in base64, or its fields one by one (`properties.x=1`)."""
    fields = dict(parse_qsl(query, keep_blank_values=True))
    key = fields.get("writeKey", "")
    if data := fields.get("data"):
        return utf8(from_base64(data, "data")), key
    call: dict[str, Any] = {}
    for name, value in fields.items():
        outer, dot, inner = name.partition(".")
        if not dot:
            call[outer] = value
        elif isinstance(call.setdefault(outer, {}), dict):
            call[outer][inner] = value
    return msgspec.json.encode(call), key


def _write_key(raw: bytes) -> str:
    key = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).get("writeKey")
    try:
        return msgspec.json.decode(key, type=str) if key else ""
    except msgspec.DecodeError:
        return ""


def _text(value: object) -> str:
    """An id as text: numbers as they are written, null as nothing."""
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
