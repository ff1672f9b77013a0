"""Amplitude's HTTP V2 and batch uploads, with the answers that its clients read.

https://amplitude.com/docs/apis/analytics/http-v2
https://amplitude.com/docs/apis/analytics/batch-event-upload
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.pipeline import as_time
from dure.ingest.plugs import Decoded, Outcome, Reply, Request
from dure.ingest.protocols.amplitude_event import incomings
from dure.ingest.wire import form, id_text, is_json, object_of, utf8
from dure.kernel.errors import Malformed, TooLarge

ONE_REQUEST = 1 << 20
ONE_BATCH = 20 << 20
EVENTS_A_REQUEST = 2000
SHORTEST_ID = 5

# Which field a refusal is put down to. The client drops what is named in these lists and sends the others again.
_MISSING = {Reason.NO_NAME: "event_type", Reason.NO_IDENTITY: "user_id"}
_INVALID = {
    Reason.MALFORMED: "event", Reason.NAME_TOO_LONG: "event_type", Reason.JUNK_ID: "user_id",
    Reason.ID_TOO_LONG: "user_id", Reason.TOO_DEEP: "event_properties", Reason.TIME_UNREADABLE: "time",
    Reason.TIME_TOO_EARLY: "time", Reason.TIME_IN_FUTURE: "time",
}  # fmt: skip


class Upload(msgspec.Struct):
    """A request's body; `events` is a list of them, or a single one."""

    api_key: str | None = None
    events: msgspec.Raw = msgspec.Raw()
    options: Any = None
    client_upload_time: str | int | float | None = None


class Amplitude:
    """Fills `EventProtocol`."""

    name = "amplitude"
    methods: tuple[str, ...] = ("POST",)
    # `/batch` is PostHog's too and shared out in `protocols.default`; `/httpapi` is the form of old libraries.
    paths: tuple[str, ...] = ("/2/httpapi", "/2/httpapi/", "/httpapi")

    def limit(self, path: str) -> int:
        return ONE_BATCH if path.startswith("/batch") else ONE_REQUEST

    def decode(self, request: Request) -> Decoded:
        upload = _upload(request.body)
        events = _events(upload)
        if not upload.api_key:
            raise Malformed("Request missing required field: api_key")
        if not events:
            raise Malformed("Request missing required field: events")
        if len(events) > EVENTS_A_REQUEST:
            raise TooLarge(f"A request holds at most {EVENTS_A_REQUEST} events; this one has {len(events)}.")
        sent = as_time(upload.client_upload_time) if upload.client_upload_time else None
        return Decoded(upload.api_key, _decoded(events, request.received, sent, _shortest(upload)), whole=True)

    def answer(self, request: Request, outcome: Outcome) -> Reply:
        upload = _upload(request.body)
        events = _events(upload)
        if outcome.refused:
            body = _refusals(events, outcome.refused, _shortest(upload))
            return Reply(400, msgspec.json.encode(body))
        body = {
            "code": 200, "events_ingested": len(events), "payload_size_bytes": len(request.body),
            "server_upload_time": int(request.received.timestamp() * 1000),
        }  # fmt: skip
        return Reply(200, msgspec.json.encode(body))

    def failed(self, request: Request, status: int, code: str, message: str) -> Reply:  # noqa: ARG002
        body: dict[str, Any] = {"code": status, "error": message}
        if status == 401:
            # The clients give up on this beginning, and on nothing else.
            status = body["code"] = 400
            body["error"] = f"Invalid API key: {_upload(request.body).api_key or ''}"
        elif message.startswith("Request missing required field: "):
            body["missing_field"] = message.rpartition(" ")[2]
        elif status == 429:
            body |= {"eps_threshold": 0, "throttled_events": [], "throttled_users": {}, "throttled_devices": {}}
        return Reply(status, msgspec.json.encode(body))


def _upload(body: bytes) -> Upload:
    """The body as JSON, or as the form of old libraries: `api_key` and `event`, or `client` and `e`."""
    try:
        if is_json(body):
            return _read_upload(utf8(body))
        fields = form(body)
        events = fields.get("event") or fields.get("events") or fields.get("e")
        time = fields.get("upload_time") or fields.get("client_upload_time")
        return Upload(
            fields.get("api_key") or fields.get("client"),
            msgspec.Raw((events or "").encode()),
            _read_json(fields["options"]) if fields.get("options") else None,
            time,
        )
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"Invalid JSON request body: {error}") from error


def _events(upload: Upload) -> list[bytes]:
    try:
        raw = bytes(upload.events)
        if raw[:1] == b"{":
            return [raw]
        return [bytes(event) for event in _read_list(raw)] if raw not in (b"", b"null") else []
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"Invalid JSON request body: {error}") from error


def _shortest(upload: Upload) -> int:
    shortest = object_of(upload.options).get("min_id_length")
    return shortest if isinstance(shortest, int) and not isinstance(shortest, bool) and shortest > 0 else SHORTEST_ID


def _decoded(
    events: list[bytes], received: datetime, sent: datetime | None, shortest: int
) -> Iterator[Incoming | Refused]:
    """What each event is by its place, and after all of them what some say about their users."""
    about_users: list[Incoming | Refused] = []
    for raw in events:
        try:
            fields = _read_event(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            yield Refused(Reason.MALFORMED, raw, str(error))
            continue
        first, *others = incomings(fields, raw, received, sent, shortest)
        yield first
        about_users += others
    yield from about_users


def _refusals(events: list[bytes], refused: Mapping[int, Refused], shortest: int) -> dict[str, Any]:
    missing: dict[str, list[int]] = {}
    invalid: dict[str, list[int]] = {}
    lengths: dict[str, list[int]] = {}
    silenced: list[int] = []
    for place, one in refused.items():
        at = place if place < len(events) else events.index(one.raw)
        if one.reason is Reason.NO_IDENTITY and (short := _short(one.raw, shortest)):
            for field in short:
                lengths.setdefault(field, []).append(at)
        elif one.reason in _MISSING:
            missing.setdefault(_MISSING[one.reason], []).append(at)
        elif one.reason in _INVALID:
            invalid.setdefault(_INVALID[one.reason], []).append(at)
        else:  # the workspace's own rules do not want it
            silenced.append(at)
    worst = next(iter(refused.values()))
    return {
        "code": 400, "error": f"Request missing or with invalid fields: {worst.message or worst.reason.sentence}",
        "events_with_missing_fields": missing, "events_with_invalid_fields": invalid,
        "events_with_invalid_id_lengths": lengths, "silenced_events": silenced,
    }  # fmt: skip


def _short(raw: bytes, shortest: int) -> list[str]:
    fields = _read_event(raw)
    return [name for name in ("user_id", "device_id") if 0 < len(id_text(fields.get(name))) < shortest]


_read_upload = msgspec.json.Decoder(Upload).decode
_read_event = msgspec.json.Decoder(dict[str, Any]).decode
_read_json = msgspec.json.Decoder().decode
_read_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
