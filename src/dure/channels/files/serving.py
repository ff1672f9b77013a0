"""A file as an answer: parts of it on demand, and never as anything that could act on our origin."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dure.channels.files.api import Files
from dure.channels.files.kinds import SHOWN
from dure.channels.files.model import File, Thumb
from dure.channels.files.refusals import FileNotFound

# Whatever somebody uploaded is a document without scripts, forms or an origin, should a browser open it as one.
_SAFE = {
    "content-security-policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
}  # fmt: skip
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def whole_or_part(request: Request, files: Files, file: File, *, download: bool) -> Response:
    """The file, or the one range that is asked for. Who has it already (`If-None-Match`) is told so."""
    if file.sha256 is None and (not file.far or file.cut):
        raise FileNotFound
    # A text is plain text, whatever language it is written in.
    kind = "text/plain; charset=utf-8" if file.mode == "snippet" else file.mimetype
    shown = file.mode == "snippet" or kind in SHOWN
    headers = {
        **_SAFE,
        "accept-ranges": "bytes",
        "etag": f'"{file.sha256 or file.id}"',
        "cache-control": "private, no-cache",  # kept by the browser, and asked for again: rights can end
        "content-disposition": _disposition(file.name, "inline" if shown and not download else "attachment"),
        "content-type": kind if shown else "application/octet-stream",
    }
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    start, end, status = 0, file.size - 1, 200
    asked = _asked(request, headers["etag"])
    if asked is not None:
        first, last = asked
        if first is None:
            start = max(0, file.size - (last or 0))
        else:
            start, end = first, min(end, last if last is not None else end)
        if start >= file.size or start > end or (first is None and not last):
            return Response(status_code=416, headers={**headers, "content-range": f"bytes */{file.size}"})
        status, headers["content-range"] = 206, f"bytes {start}-{end}/{file.size}"
    headers["content-length"] = str(end - start + 1)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(files.content(file, start, end - start + 1), status, headers)


def small(request: Request, files: Files, file: File, thumb: Thumb) -> Response:
    """One of a picture's small ones."""
    headers = {
        **_SAFE, "etag": f'"{thumb.sha256}"', "cache-control": "private, no-cache", "content-type": thumb.mimetype,
        "content-disposition": _disposition(file.name, "inline"), "content-length": str(thumb.bytes),
    }  # fmt: skip
    if headers["etag"] in request.headers.get("if-none-match", ""):
        del headers["content-length"]
        return Response(status_code=304, headers=headers)
    return StreamingResponse(files.thumb(thumb), 200, headers)


def _asked(request: Request, etag: str) -> tuple[int | None, int | None] | None:
    """The first range's ends; None where the whole is wanted, or another state of it, or several ranges."""
    found = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if found is None or request.headers.get("if-range", etag) != etag:
        return None
    first, last = (int(part) if part else None for part in found.groups())
    return (first, last) if first is not None or last is not None else None


def _disposition(name: str, how: str) -> str:
    plain = re.sub(r"[^\w.() -]", "_", name, flags=re.ASCII)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
