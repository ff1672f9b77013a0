"""`http.request`: a call to an address of the company's choice, signed, with a key that stays the same on retries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from dure.automation.plugs import Outgoing, StepCall, StepKind, sign
from dure.kernel.errors import Invalid, Unavailable


class Request(msgspec.Struct, frozen=True):
    """`body` is JSON, or a text as it is. `expect` lists statuses beside 2xx that count as success."""

    url: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    headers: dict[str, str] = {}
    body: Any = None
    expect: list[int] = []
    seconds: float = 30.0


class Response(msgspec.Struct, frozen=True):
    """`body` is JSON where the answer was JSON, else its text."""

    status: int
    body: Any = None


def http_request(outgoing: Outgoing, signing_key: bytes) -> StepKind:
    """The kind of step. `signing_key` is the server's; each workspace signs with a key made from it."""

    async def run(call: StepCall, inputs: Request) -> Response:
        body = _body(inputs.body)
        seconds = str(int(call.now.timestamp()))
        headers = {
            **inputs.headers,
            "Idempotency-Key": call.key,
            "Dure-Run": call.run_id,
            "Dure-Signature": f"t={seconds},v1={sign(signing_key, call.tenant.workspace, seconds, body)}",
        }
        if inputs.body is not None and not _has(headers, "content-type"):
            headers["Content-Type"] = (
                "text/plain; charset=utf-8" if isinstance(inputs.body, str) else "application/json"
            )
        try:
            answer = await outgoing.send(
                call.tenant, inputs.method, inputs.url, headers, body, min(inputs.seconds, 40.0)
            )
        except OSError as error:
            raise Unavailable(f"{inputs.url} did not answer: {error}") from error
        if not (200 <= answer.status < 300 or answer.status in inputs.expect):
            message = f"{inputs.url} answered {answer.status}: {answer.text[:300]}"
            again = answer.status >= 500 or answer.status in (408, 425, 429)
            raise Unavailable(message) if again else Invalid(message)
        return Response(answer.status, answer.json if answer.json is not None else answer.text)

    return StepKind(
        "http.request", {"ko": "웹 주소 호출", "en": "Call a web address"}, Request, Response, run, outside=True,
        about={
            "ko": "주소로 요청을 보내고 답을 다음 단계에 넘깁니다. 서명과 Idempotency-Key가 붙습니다.",
            "en": "Sends a request and hands the answer on. Signed, with an Idempotency-Key.",
        },
    )  # fmt: skip


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else msgspec.json.encode(body)


def _has(headers: Mapping[str, str], name: str) -> bool:
    return any(key.lower() == name for key in headers)
