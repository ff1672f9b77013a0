"""PostHog's capture: single events, batches and browsers' forms (v0), and the batches answered event by event (v1).

https://posthog.com/docs/api/capture
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.pipeline import as_time
from dure.ingest.plugs import Decoded, Outcome, Reply, Request
from dure.ingest.protocols.posthog_event import Envelope, incomings
from dure.ingest.wire import bearer, form, from_base64, id_text, is_json, json_or_base64, object_of, unpack, utf8
from dure.kernel.errors import Malformed

ONE_EVENT = 2 << 20
ONE_BATCH = 20 << 20

V1 = "/i/v1/analytics/events"
_SINGLE = ("/i/v0/e", "/e", "/capture")

_TAGS = {400: "request_parsing_error", 401: "invalid_api_token", 413: "payload_too_large", 429: "rate_limited",
         503: "service_unavailable"}  # fmt: skip


class Body(msgspec.Struct):
    """What stands around the events: a batch's frame, or the single event itself."""

    api_key: str | None = None
    token: str | None = None
    batch: list[msgspec.Raw] | None = None
    data: list[msgspec.Raw] | None = None
    event: str | None = None
    sent_at: str | int | float | None = None
    historical_migration: bool | None = None


class PostHog:
    """Fills `EventProtocol`."""

    name = "posthog"
    methods: tuple[str, ...] = ("POST", "GET")
    # `/batch` without a slash is Amplitude's too and shared out in `protocols.default`.
    paths: tuple[str, ...] = (
        "/batch/", *_SINGLE, *(f"{path}/" for path in _SINGLE), V1, f"{V1}/",
    )  # fmt: skip

    def limit(self, path: str) -> int:
        return ONE_BATCH if path.startswith(("/batch", V1)) else ONE_EVENT

    def decode(self, request: Request) -> Decoded:
        query = form(request.query)
        plain = plain_json(request, query, self.limit(request.path))
        body, events = _read(plain)
        if not events:
            raise Malformed("There are no events in the body.")
        if request.path.startswith(V1):
            _uuids(events)
            sent = request.headers.get("posthog-request-timestamp")
        else:
            sent = id_text(body.sent_at) or query.get("_") or query.get("sent_at")
        # History's times are another clock's than the sender's.
        envelope = Envelope(request.received, as_time(sent) if sent and not body.historical_migration else None)
        key = bearer(request.headers) or body.api_key or body.token or query.get("token") or query.get("api_key")
        return Decoded(key or _token(events[0]), _decoded(events, envelope))

    def answer(self, request: Request, outcome: Outcome) -> Reply:
        query = form(request.query)
        _, events = _read(plain_json(request, query, self.limit(request.path)))
        if request.path.startswith(V1):
            return Reply(200, msgspec.json.encode({"results": _results(events, outcome)}))
        if len(outcome.refused) >= len(events) and (first := outcome.refused.get(0)):
            return self.failed(request, 400, "malformed", first.message or first.reason.sentence)
        if query.get("beacon") == "1":
            return Reply(204, b"")
        return Reply(200, b'{"status":"Ok"}')

    def failed(self, request: Request, status: int, code: str, message: str) -> Reply:
        if request.path.startswith(V1):
            body: dict[str, Any] = {"error": _TAGS.get(status, code), "error_description": message,
                    "error_uri": "https://posthog.com/docs/api"}  # fmt: skip
        elif status == 401:
            body = {"type": "authentication_error", "code": "invalid_api_key", "detail": message, "attr": None}
        else:
            body = {"type": "validation_error" if status < 500 else "server_error", "code": code, "detail": message,
                    "attr": None}  # fmt: skip
        return Reply(status, msgspec.json.encode(body))


def plain_json(request: Request, query: dict[str, str], limit: int) -> bytes:
    """The JSON out of a request: as it is, packed by the browser itself, or in a form's `data`."""
    packed = query.get("compression", "")
    if request.method == "GET":
        if not query.get("data"):
            raise Malformed("Send events with POST, or in `data`.")
        return utf8(_data(query, limit))
    body = request.body
    if packed in ("gzip", "gzip-js") or body[:2] == b"\x1f\x8b":
        # A proxy on the way may have unpacked it already, and then only the address still says that it is packed.
        body = body if is_json(body) else unpack(body, limit)
    if is_json(body):
        return utf8(body)
    fields = form(body)
    if fields.get("data"):
        return utf8(_data({"compression": packed, **fields}, limit))
    if packed == "base64":
        return utf8(from_base64(utf8(body).decode(), "data"))
    raise Malformed("The body is neither JSON nor a form with `data`.")


def _data(fields: dict[str, str], limit: int) -> bytes:
    plain = json_or_base64(fields["data"], "data")
    if fields.get("compression") in ("gzip", "gzip-js"):
        plain = unpack(plain, limit)
    return plain


def _read(plain: bytes) -> tuple[Body, list[bytes]]:
    try:
        if plain.lstrip()[:1] == b"[":
            return Body(), [bytes(event) for event in _read_list(plain)]
        body = _read_body(plain)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"The body is not PostHog's JSON: {error}") from error
    many = body.batch if body.batch is not None else body.data
    return body, [plain] if many is None else [bytes(event) for event in many]


def _decoded(events: list[bytes], envelope: Envelope) -> Iterator[Incoming | Refused]:
    """What each event is by its place, and after all of them what some say about their people."""
    about_people: list[Incoming | Refused] = []
    for raw in events:
        try:
            fields = _read_object(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            yield Refused(Reason.MALFORMED, raw, str(error))
            continue
        first, *others = incomings(fields, raw, envelope)
        yield first
        about_people += others
    yield from about_people


def _token(raw: bytes) -> str:
    """The key as old browser libraries bring it: among the event's properties."""
    try:
        fields = _read_object(raw)
    except (msgspec.DecodeError, RecursionError):
        return ""
    return id_text(fields.get("token") or object_of(fields.get("properties")).get("token"))


def _uuids(events: list[bytes]) -> list[str]:
    """Each event's uuid. One without cannot be answered for, so the request as a whole is wrong."""
    try:
        uuids = [_read_uuid(raw).uuid for raw in events]
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"Every event of the batch has a `uuid`: {error}") from error
    if len(set(uuids)) < len(uuids):
        raise Malformed("Two events of the batch have the same `uuid`.")
    return uuids


def _results(events: list[bytes], outcome: Outcome) -> dict[str, Any]:
    uuids = _uuids(events)
    results: dict[str, Any] = {uuid: {"result": "ok"} for uuid in uuids}
    for place, refused in outcome.refused.items():
        details = refused.message or refused.reason.sentence
        if place < len(uuids):
            results[uuids[place]] = {"result": "drop", "details": details}
        elif results[uuid := _read_uuid(refused.raw).uuid]["result"] == "ok":
            # The event is there; what it says about its person is not.
            results[uuid] = {"result": "warning", "details": details}
    return results


class _Named(msgspec.Struct):
    uuid: str


_read_body = msgspec.json.Decoder(Body).decode
_read_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_read_object = msgspec.json.Decoder(dict[str, Any]).decode
_read_uuid = msgspec.json.Decoder(_Named).decode
