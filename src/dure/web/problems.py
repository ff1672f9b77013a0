"""Every error becomes the one shape `{"error": {"code", "message", "field"?, "data"?}}`, whoever raised it."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from dure.kernel.errors import (
    Conflict,
    DureError,
    Invalid,
    Malformed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooLarge,
    TooMany,
    Unavailable,
)

Also = Mapping[type[Exception], Callable[[Exception], DureError]]
"""What the errors of libraries that this room does not know stand for, such as a driver's for a full disk."""

_BY_STATUS: Mapping[int, type[DureError]] = {
    kind.status: kind
    for kind in (Invalid, Malformed, NotSignedIn, NotAllowed, NotFound, Conflict, TooLarge, Unavailable)
}
_FULL = {errno.ENOSPC, errno.EDQUOT}

log = structlog.get_logger("dure.problems")


class _Other(DureError):
    """An answer of the framework that is not in our tree, such as 405."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = "method_not_allowed" if status == 405 else "refused" if status < 500 else "internal"


def install(app: FastAPI, also: Also | None = None) -> None:
    """Answers expected errors of an application's routes; what remains is met by `front.Front`."""

    async def answer(request: Request, error: Exception) -> JSONResponse:
        return response(as_error(error, also), headers=getattr(error, "headers", None), head=request.method == "HEAD")

    for kind in (DureError, RequestValidationError, HTTPException, UnicodeDecodeError, json.JSONDecodeError,
                 msgspec.DecodeError, *(also or ())):  # fmt: skip
        app.add_exception_handler(kind, answer)


def as_error(error: BaseException, also: Also | None = None) -> DureError:
    """The error of our tree that an exception stands for; an unexpected one is a plain `DureError` (500)."""
    for kind, turn in (also or {}).items():
        if isinstance(error, kind):
            return turn(error)
    match error:
        case DureError():
            return error
        case RequestValidationError():
            return _invalid(error.errors())
        case HTTPException():
            return _of_status(error.status_code, str(error.detail))
        case msgspec.ValidationError():
            message, _, path = str(error).partition(" - at `$")
            return Invalid(message, field=path.strip("`").lstrip(".") or None)
        case UnicodeDecodeError():
            return Malformed("The text is not UTF-8.")
        case json.JSONDecodeError() | msgspec.DecodeError():
            return Malformed("The body is not JSON.")
        case OverflowError():
            return Invalid("A number is larger than can be reckoned with.")
        case RecursionError() if "deserializing" in str(error) or "JSON" in str(error):
            return Malformed("The body is nested too deep.")
        case OSError() if error.errno in _FULL:
            return Unavailable("The disk is full; nothing was kept. Free some space and try again.")
        case _:
            return DureError()


def response(
    error: DureError, *, headers: Mapping[str, str] | None = None, request_id: str | None = None, head: bool = False
) -> JSONResponse:
    """The answer for an error, with the headers that its status asks for."""
    body = error.as_json()
    if request_id is not None and error.status >= 500:
        detail = body["error"]
        assert isinstance(detail, dict)  # noqa: S101
        detail["data"] = {**detail.get("data", {}), "request_id": request_id}
    extra = dict(headers or {})
    if isinstance(error, TooMany):
        extra["retry-after"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        extra.setdefault("retry-after", "5")
    if isinstance(error, NotSignedIn):
        extra.setdefault("www-authenticate", "Bearer")
    answer = JSONResponse(body, status_code=error.status, headers=extra)
    if head:
        answer.body = b""
    return answer


def _invalid(errors: Sequence[object]) -> DureError:
    first = errors[0] if errors else {}
    if not isinstance(first, Mapping):
        return Invalid()
    if first.get("type") == "json_invalid":
        why = first.get("ctx")
        return Malformed(
            f"The body is not JSON: {why['error']}." if isinstance(why, Mapping) else "The body is not JSON."
        )
    place = [str(part) for part in first.get("loc", ())]
    sent = first.get("input")
    if place == ["body"] and isinstance(sent, bytes | str):  # it was not read as JSON at all
        try:
            json.loads(sent)
        except (ValueError, RecursionError):
            return Malformed("The body is not JSON.")
        return Invalid("The body is JSON; say so with the header `Content-Type: application/json`.", field="body")
    field = ".".join(place[1:] if len(place) > 1 else place)
    return Invalid(f"{field}: {first.get('msg', '')}" if field else str(first.get("msg", "")), field=field or None)


def _of_status(status: int, detail: str) -> DureError:
    if status == 429:
        return TooMany()
    kind = _BY_STATUS.get(status)
    if kind is None:
        return _Other(status, detail)
    said_nothing = detail in {"Not Found", "Unauthorized", "Forbidden", "Bad Request", "Service Unavailable", ""}
    return kind(None if said_nothing else detail)
