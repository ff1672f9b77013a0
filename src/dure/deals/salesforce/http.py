"""Requests and answers as bytes: paths as they were sent, bodies up to a size, JSON and CSV out."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dure.deals.salesforce.call import Answer
from dure.kernel.errors import Malformed, TooLarge


def raw_path(request: Request) -> str:
    """The path as it was sent, so that a quoted slash stays inside its part."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


def method_of(request: Request, asked: Mapping[str, str]) -> str:
    """Clients that cannot PATCH say so in the address."""
    wanted = asked.get("_HttpMethod", "").upper()
    return wanted if request.method == "POST" and wanted in ("PATCH", "DELETE") else request.method


async def body_of(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(f"The body is larger than {most} bytes.")
        parts.append(part)
    body = b"".join(parts)
    if request.headers.get("content-encoding", "").lower() == "gzip":
        return _unzipped(body, most)
    return body


def _unzipped(body: bytes, most: int) -> bytes:
    try:
        opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
        plain = opened.decompress(body, most + 1)
    except zlib.error as error:
        raise Malformed(f"The body is not gzip: {error}") from error
    if len(plain) > most:
        raise TooLarge(f"The body is larger than {most} bytes.")
    return plain


def response_of(answer: Answer, headers: Mapping[str, str], *, head: bool = False) -> Response:
    all_headers = {**headers, **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=all_headers)
    if isinstance(answer.body, str | bytes):
        return Response(b"" if head else answer.body, answer.status, all_headers, answer.media)
    return json_of(None if head else answer.body, answer.status, all_headers)


def json_of(body: Any, status: int, headers: Mapping[str, str]) -> Response:
    raw = (
        b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    )
    return Response(raw, status, headers, "application/json;charset=UTF-8")
