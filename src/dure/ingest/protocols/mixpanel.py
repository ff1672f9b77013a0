"""Mixpanel's ingestion: events of now and of any time, profiles of people and of groups, with its answers.

https://developer.mixpanel.com/reference/ingestion-api
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.plugs import Decoded, Outcome, Reply, Request
from dure.ingest.protocols import mixpanel_event
from dure.ingest.wire import GIF, basic_user, form, id_text, is_json, json_or_base64, object_of, utf8
from dure.kernel.errors import Malformed, TooLarge

ONE_EVENT = 1 << 20
ONE_REQUEST = 10 << 20
RECORDS_A_REQUEST = 2000

_PATHS = ("/track", "/import", "/engage", "/groups")
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,99}", re.ASCII)
_STATUS = {400: "Bad Request", 401: "Unauthorized", 413: "Request Entity Too Large", 429: "Too Many Requests"}
_FIELDS = {
    Reason.MALFORMED: "", Reason.TOO_LARGE: "", Reason.TOO_DEEP: "properties", Reason.NO_NAME: "event",
    Reason.NAME_TOO_LONG: "event", Reason.NO_IDENTITY: "properties.distinct_id",
    Reason.JUNK_ID: "properties.distinct_id", Reason.ID_TOO_LONG: "properties.distinct_id",
    Reason.TIME_UNREADABLE: "properties.time", Reason.TIME_TOO_EARLY: "properties.time",
    Reason.TIME_IN_FUTURE: "properties.time",
}  # fmt: skip


class Mixpanel:
    """Fills `EventProtocol`."""

    name = "mixpanel"
    methods: tuple[str, ...] = ("POST", "GET")
    paths: tuple[str, ...] = (*_PATHS, *(f"{path}/" for path in _PATHS))

    def limit(self, path: str) -> int:  # noqa: ARG002
        return ONE_REQUEST

    def decode(self, request: Request) -> Decoded:
        asked, records = _records(request)
        if not records:
            raise Malformed("data, missing or empty")
        if len(records) > RECORDS_A_REQUEST:
            raise TooLarge(f"A request holds at most {RECORDS_A_REQUEST} records; this one has {len(records)}.")
        # The token among the properties says more than a user name, which may be a service account's.
        key = _token(records) or basic_user(request.headers) or asked.get("token") or asked.get("api_key", "")
        by_insert_id = _is_import(request) and "data" not in asked and _is_strict(asked)
        return Decoded(key, _decoded(request, records, key, by_insert_id=by_insert_id))

    def answer(self, request: Request, outcome: Outcome) -> Reply:
        asked, records = _records(request)
        if _is_import(request) and "data" not in asked:
            return _imported(records, outcome, strict=_is_strict(asked))
        if len(outcome.refused) >= len(records):
            first = outcome.refused[0]
            return _told(asked, 400, first.message or first.reason.sentence)
        return _told(asked, 200)

    def failed(self, request: Request, status: int, code: str, message: str) -> Reply:
        try:
            asked = _asked(request)
        except Malformed:
            asked = form(request.query)
        if _is_import(request) and "data" not in asked:
            body = {"code": status, "error": message, "status": _STATUS.get(status, code)}
            return Reply(status, msgspec.json.encode(body))
        return _told(asked, status, message)


def _is_import(request: Request) -> bool:
    return request.path.startswith("/import")


def _is_strict(asked: dict[str, str]) -> bool:
    return asked.get("strict", "1") != "0"


def _asked(request: Request) -> dict[str, str]:
    """What the address and the form around the data say."""
    fields = form(request.query)
    if request.method == "POST" and request.body and not is_json(request.body):
        fields |= form(request.body)
    origin = request.headers.get("origin")
    return {**fields, "origin": origin} if origin else fields


def _records(request: Request) -> tuple[dict[str, str], list[bytes]]:
    """A request's events or updates: a JSON array or object, a line each, or a form's `data`, perhaps in base64."""
    asked = _asked(request)
    body = request.body if request.method == "POST" else b""
    if not is_json(body):
        if body and not asked.get("data") and "=" not in body[:50].decode("latin-1"):
            raise Malformed("The body is neither JSON nor a form with `data`.")
        body = json_or_base64(asked.get("data", ""), "data") if asked.get("data") else b""
    body = utf8(body).strip()
    try:
        if body[:1] == b"[":
            return asked, [bytes(record) for record in _read_list(body)]
        if "ndjson" in request.headers.get("content-type", ""):
            return asked, [line for line in (line.strip() for line in body.split(b"\n")) if line]
        if body:
            msgspec.json.decode(body, type=dict[str, msgspec.Raw])
            return asked, [body]
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"data, not JSON: {error}") from error
    return asked, []


def _token(records: list[bytes]) -> str:
    for raw in records:
        try:
            return mixpanel_event.token_of(mixpanel_event.read(raw))
        except (msgspec.DecodeError, RecursionError):
            continue
    return ""


def _decoded(request: Request, records: list[bytes], key: str, *, by_insert_id: bool) -> Iterator[Incoming | Refused]:
    imported = _is_import(request)
    if request.path.startswith("/engage"):
        read = mixpanel_event.profile
    elif request.path.startswith("/groups"):
        read = mixpanel_event.group
    else:
        read = partial(mixpanel_event.tracked, imported=imported)
    for raw in records:
        if len(raw) > ONE_EVENT:
            yield Refused(Reason.TOO_LARGE, raw, f"{len(raw)} bytes; a record has at most {ONE_EVENT}.")
            continue
        try:
            fields = mixpanel_event.read(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            yield Refused(Reason.MALFORMED, raw, str(error))
            continue
        if (token := mixpanel_event.token_of(fields)) and token != key:
            yield Refused(Reason.MALFORMED, raw, "All records of a request have the same token.")
        elif by_insert_id and _lacks_insert_id(fields):
            yield Refused(Reason.MALFORMED, raw, "'properties.$insert_id' is missing")
        else:
            yield read(fields, raw, request.received)


def _lacks_insert_id(fields: dict[str, Any]) -> bool:
    properties = fields.get("properties")
    if not isinstance(properties, dict) or fields.get("event") in ("$identify", "$create_alias", "$merge"):
        return False
    return not id_text(properties.get("$insert_id"))


def _told(asked: dict[str, str], status: int, error: str = "") -> Reply:
    """The answer of `/track`, `/engage` and `/groups`: 1 or 0, with `verbose` in words, a picture, a script's call."""
    headers = {"cache-control": "no-store"}
    if asked.get("origin"):  # Mixpanel's library for browsers sends with cookies, which needs the origin by name.
        headers |= {"access-control-allow-origin": asked["origin"], "access-control-allow-credentials": "true"}
    if asked.get("img") == "1":
        return Reply(503 if status >= 500 else 200, GIF, "image/gif", headers)
    good = 0 if error else 1
    callback = asked.get("callback", "")
    if _CALLBACK.fullmatch(callback):
        body = b"%s(%d);" % (callback.encode(), good)
        return Reply(200, body, "text/javascript", headers | {"x-content-type-options": "nosniff"})
    if asked.get("verbose") == "1":
        return Reply(status, msgspec.json.encode({"status": good, "error": error or None}), headers=headers)
    return Reply(status, b"%d" % good, headers=headers)


def _imported(records: list[bytes], outcome: Outcome, *, strict: bool) -> Reply:
    kept = len(records) - len(outcome.refused)
    if not outcome.refused or not strict:
        body: dict[str, Any] = {"code": 200, "num_records_imported": kept, "status": "OK"}
        return Reply(200, msgspec.json.encode(body))
    body = {
        "code": 400, "error": "some data points in the request failed validation", "status": "Bad Request",
        "num_records_imported": kept,
        "failed_records": [_failed(place, refused) for place, refused in sorted(outcome.refused.items())],
    }  # fmt: skip
    return Reply(400, msgspec.json.encode(body))


def _failed(place: int, refused: Refused) -> dict[str, Any]:
    try:
        insert = id_text(object_of(mixpanel_event.read(refused.raw).get("properties")).get("$insert_id"))
    except (msgspec.DecodeError, RecursionError):
        insert = ""
    message = refused.message or refused.reason.sentence
    field = "properties.$insert_id" if "$insert_id" in message else _FIELDS.get(refused.reason, "")
    return {"index": place, "$insert_id": insert, "insert_id": insert, "field": field, "message": message}


_read_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
