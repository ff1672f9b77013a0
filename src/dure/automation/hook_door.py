"""The HTTP side of webhooks, before the web framework: read, start, answer 202 once the runs are on disk."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope, Send

from dure.automation.hooks import PREFIX, Call, Hooks
from dure.kernel.errors import Invalid, Malformed, TooLarge

MOST = 1 << 20
_KEY = 200
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class HookDoor:
    """`POST /api/v1/hooks/SECRET` with JSON or a form. The answer is `{"ok": true, "runs": ["…"]}`."""

    path = PREFIX + "{secret}"

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # the access log names a request by its route's path: this one's holds a secret
        if scope["method"] != "POST":
            # A preview that fetches every link it sees must not start anything.
            return await _answer(send, 405, b'{"error":{"code":"method_not_allowed","message":"Send it with POST."}}',
                                 (b"allow", b"POST"))  # fmt: skip
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _read(receive, headers)
        call = Call(
            scope["path"].removeprefix(PREFIX).strip("/"), _properties(headers, body, scope["query_string"]),
            _idempotency_key(headers), body, headers,
        )  # fmt: skip
        runs = await self._hooks.receive(call)
        return await _answer(send, 202, _encode({"ok": True, "runs": runs}))


async def _read(receive: Receive, headers: dict[str, str]) -> bytes:
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Malformed("Send the body as it is, without a content encoding.")
    told = headers.get("content-length", "0")
    if told.isdigit() and int(told) > MOST:
        raise TooLarge(f"The body has {told} bytes; a webhook takes {MOST}.")
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("The connection ended before the body did.")
        part = message.get("body", b"")
        size += len(part)
        if size > MOST:
            raise TooLarge(f"The body has more than the {MOST} bytes that a webhook takes.")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _properties(headers: dict[str, str], body: bytes, query: bytes) -> dict[str, Any]:
    """What was sent, by its own names: the fields of a record or a form, anything else as `body`. What the query says
    is added where the body has no such name."""
    kind = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    sent: Any = {}
    if kind == "application/x-www-form-urlencoded":
        sent = _pairs(body)
    elif kind == "text/plain":
        sent = {"body": _text(body)}
    elif kind == "application/json" or kind.endswith("+json"):
        try:
            sent = _decode(body) if body.strip() else {}
        except (msgspec.DecodeError, RecursionError) as error:
            raise Malformed(f"The body is not JSON: {error}") from error
        if not isinstance(sent, dict):
            sent = {"body": sent}
    else:
        raise Invalid("Send JSON, a form (application/x-www-form-urlencoded) or text/plain.", field="content-type")
    return {**_pairs(query), **sent} if query else sent


def _pairs(raw: bytes) -> dict[str, Any]:
    """Names and values of a form; a name that comes more than once has a list."""
    found: dict[str, Any] = {}
    try:
        pairs = parse_qsl(_text(raw), keep_blank_values=True, max_num_fields=1_000)
    except ValueError as error:
        raise Malformed(f"The form cannot be read: {error}") from error
    for name, value in pairs:
        before = found.get(name)
        found[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error


def _idempotency_key(headers: dict[str, str]) -> str:
    key = headers.get("idempotency-key", "").strip()
    if len(key) > _KEY:
        raise Invalid(f"An Idempotency-Key has at most {_KEY} characters.", field="idempotency-key")
    return key


async def _answer(send: Send, status: int, body: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
