"""The four ways in which Slack's clients send arguments, read into one value.

They come in the query of a GET, in the query of a POST whose form is empty, as a form (url-encoded or multipart), or
as JSON; and a call without arguments is a POST of nothing that says it is JSON. In forms everything is text: flags are
`1` and `0`, lists are joined by commas or written as JSON.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

from dure.channels.model import ts_of
from dure.channels.refusals import BadTimestamp
from dure.channels.rules import clean

_LIMIT = 4 * 1024 * 1024
_PATIENCE = 30.0  # seconds for a body to arrive
_CHARSETS = {"": "utf-8", "utf-8": "utf-8", "utf8": "utf-8", "iso-8859-1": "latin-1"}
_NAME = re.compile(r"[\w.\-]{1,255}")
# What a structure that is none is called.
_FORMATS = {
    "blocks": "invalid_blocks_format", "attachments": "invalid_attachments", "metadata": "invalid_metadata_format",
}  # fmt: skip


class Refused(Exception):
    """A call that Slack answers with `ok: false` and this name."""

    def __init__(self, error: str, *messages: str) -> None:
        self.error = error
        self.messages = messages
        super().__init__(error)


class MissingScope(Exception):
    """A call for which the token lacks a scope: any one of `needed` would do."""

    def __init__(self, needed: str, provided: str) -> None:
        self.needed = needed
        self.provided = provided
        super().__init__(needed)


@dataclass(frozen=True, slots=True)
class Arguments:
    """A call's arguments by name; unknown ones are ignored by never being asked for. `warnings` go with the answer."""

    values: dict[str, Any]
    warnings: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Whether it was given at all, were it empty."""
        return self.values.get(name) is not None

    files: dict[str, bytes] = field(default_factory=dict)  # what was uploaded with them, by its field

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "1" if value else "0"
        # What no database can hold is taken out here, so that it fails nowhere deeper.
        return str(clean(value)) if isinstance(value, str) else json.dumps(value)

    def needed(self, name: str, error: str = "invalid_arguments") -> str:
        """A text that must be there; without it the call is refused with `error`."""
        value = self.text(name).strip()
        if not value:
            raise Refused(error, f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def whole(self, name: str, default: int, largest: int) -> int:
        """A number from 1 to `largest`; a larger one is cut, anything else is refused."""
        value = self.text(name).strip()
        if not value:
            return default
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise Refused("invalid_limit" if name == "limit" else "invalid_arguments", f"[ERROR] {name}: not a number")
        return min(int(value), largest) or default

    def items(self, name: str) -> list[str]:
        """A list of ids: joined by commas, written as JSON, or a list already."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("["):
            value = _json(value)
        parts = [str(clean(str(part))) for part in value] if isinstance(value, list) else self.text(name).split(",")
        return [part.strip() for part in parts if part.strip()]

    def structure(self, name: str, kind: type[list[Any]] | type[dict[str, Any]], *, empty: bool = False) -> Any:
        """A list or an object, as such or written as JSON; None where absent, or empty unless `empty` is told apart."""
        value = self.values.get(name)
        error = _FORMATS.get(name, f"invalid_{name}")
        if isinstance(value, str):
            value = _json(value, _FORMATS.get(name, "invalid_arguments")) if value.strip() else None
        if value is None:
            return None
        if not isinstance(value, kind):
            raise Refused(error)
        return value if empty else value or None

    def ts(self, name: str, error: str = "bad_timestamp") -> int:
        """A timestamp that must be there, in microseconds."""
        return _ts(self.needed(name, error), error)

    def ts_or(self, name: str, default: int, error: str = "bad_timestamp") -> int:
        value = self.text(name).strip()
        return _ts(value, error) if value else default

    def cursor(self, kind: str) -> str:
        """Where the page before ended, "" at the start; Refused for what was not given out as `cursor_of(kind, …)`."""
        value = self.text("cursor").strip()
        if not value:
            return ""
        try:
            found, _, rest = base64.b64decode(value, validate=True).decode("ascii").partition(":")
        except (binascii.Error, ValueError) as error:
            raise Refused("invalid_cursor") from error
        if found != kind or not rest or not rest.isalnum():
            raise Refused("invalid_cursor")
        return rest


def cursor_of(kind: str, place: str) -> str:
    return base64.b64encode(f"{kind}:{place}".encode()).decode()


async def read_arguments(request: Request) -> Arguments:
    """All arguments of a request. Raises Refused for a body that cannot be read."""
    values: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    if request.url.query:
        values.update(_pairs(request.url.query.encode("latin-1", "replace"), "invalid_arguments"))
    if request.method == "GET":
        return Arguments(_named(values))
    body = await _body(request)
    kind, charset = _content_type(request.headers.get("content-type", ""))
    warnings: tuple[str, ...] = ()
    if kind == "application/json":
        if body.strip():
            values.update(_object(body, _CHARSETS[charset]))
            warnings = () if charset else ("missing_charset",)
    elif kind == "multipart/form-data":
        values.update(await _multipart(request, files))
    elif kind == "application/x-www-form-urlencoded" or not body:
        values.update(_pairs(body, "invalid_form_data", _CHARSETS[charset]))
    else:
        raise Refused("invalid_post_type" if kind else "missing_post_type")
    return Arguments(_named(values), warnings, files)


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """The arguments, if all have names as Slack has them: `users[]` and `users[0]` are PHP's way, not Slack's."""
    for name in values:
        if not _NAME.fullmatch(name):
            raise Refused("invalid_array_arg" if name.endswith("]") else "invalid_arg_name")
    return values


def _content_type(header: str) -> tuple[str, str]:
    kind, *parameters = (part.strip().lower() for part in header.split(";"))
    charset = next((p.partition("=")[2].strip(' "') for p in parameters if p.startswith("charset=")), "")
    if charset not in _CHARSETS:
        raise Refused("invalid_charset")
    return kind, charset


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > _LIMIT:
        raise Refused("request_too_large")
    parts, size = [], 0
    try:
        async with asyncio.timeout(_PATIENCE):
            async for part in request.stream():
                size += len(part)
                if size > _LIMIT:
                    raise Refused("request_too_large")
                parts.append(part)
    except (TimeoutError, ClientDisconnect) as error:
        raise Refused("request_timeout") from error
    body = b"".join(parts)
    request._body = body  # what `form()` reads afterwards
    return body


async def _multipart(request: Request, files: dict[str, bytes]) -> dict[str, Any]:
    try:
        async with request.form(max_files=10, max_fields=200) as form:
            for key, value in form.items():
                if isinstance(value, UploadFile):
                    files[key] = await value.read()
            return {key: value for key, value in form.items() if isinstance(value, str)}
    except Exception as error:
        raise Refused("invalid_form_data") from error


def _pairs(raw: bytes, error: str, encoding: str = "utf-8") -> dict[str, str]:
    try:
        text = raw.decode(encoding)
        return dict(parse_qsl(text, keep_blank_values=True, encoding=encoding, errors="strict", max_num_fields=500))
    except UnicodeDecodeError as problem:
        raise Refused("invalid_charset") from problem
    except ValueError as problem:
        raise Refused(error) from problem


def _object(body: bytes, encoding: str) -> dict[str, Any]:
    try:
        # Halves of surrogate pairs are let through here and taken out of texts later; msgspec refuses them.
        found = json.loads(body.decode(encoding))
    except UnicodeDecodeError as error:
        raise Refused("invalid_charset") from error
    except (ValueError, RecursionError) as error:
        raise Refused("invalid_json") from error
    if not isinstance(found, dict):
        raise Refused("json_not_object")
    return found


def _json(text: str, name: str = "invalid_arguments") -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refused(name, "[ERROR] not JSON") from error


def _ts(value: str, error: str) -> int:
    try:
        return ts_of(value)
    except BadTimestamp as problem:
        raise Refused(error) from problem
