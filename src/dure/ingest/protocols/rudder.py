"""RudderStack's gateway: Segment's calls with its own limits, answers, pixels, beacons and merges.

https://www.rudderstack.com/docs/api/http-api/
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.plugs import Decoded, Outcome, Reply, Request
from dure.ingest.segment import Segment
from dure.ingest.wire import basic_user, form, id_text, read_object
from dure.kernel.errors import Malformed

ONE_REQUEST = 4000 << 10
_END = 4096

_PLAIN = "text/plain; charset=utf-8"
# Every call of theirs says its channel; the libraries for browsers and phones have the name in theirs.
_SIGNS = re.compile(
    rb'"channel"\s*:\s*"(?:server|web|mobile|sources)"|"library"\s*:\s*\{[^{}]{0,200}?[Rr]udder', re.ASCII
)


def is_rudders(request: Request) -> bool:
    """Whether a request at one of Segment's paths was sent by one of RudderStack's libraries."""
    if "anonymousid" in request.headers:
        return True
    body = request.body
    # Every request of Segment's comes by here as well. Each call has the signs, so both ends of a batch are enough.
    ends = body if len(body) <= 2 * _END else body[:_END] + body[-_END:]
    return (b'"channel"' in ends or b"udder" in ends) and _SIGNS.search(ends) is not None


class RudderStack(Segment):
    """Fills `EventProtocol`. Its share of Segment's own paths is dealt out in `protocols.default`."""

    name = "rudderstack"
    paths: tuple[str, ...] = ("/v1/merge", "/pixel/v1/track", "/pixel/v1/page", "/beacon/v1/batch")
    one_call = ONE_REQUEST
    one_batch = ONE_REQUEST

    def decode(self, request: Request) -> Decoded:
        if request.path == "/v1/merge":
            if request.method != "POST":
                raise Malformed("Send merges with POST.")
            return Decoded(basic_user(request.headers), [_merge(request)])
        decoded = super().decode(request)
        key = decoded.write_key or form(request.query).get("writeKey", "")
        return Decoded(key, decoded.events)

    def answer(self, request: Request, outcome: Outcome) -> Reply:
        if "/pixel/" in request.path:
            return super().answer(request, outcome)
        return Reply(200, b"OK", _PLAIN)

    def failed(self, request: Request, status: int, code: str, message: str) -> Reply:
        if "/pixel/" in request.path:
            return super().failed(request, status, code, message)
        return Reply(status, message.encode(), _PLAIN)


def _merge(request: Request) -> Incoming | Refused:
    """An alias of the two ids in `mergeProperties`: the user's, where one says it is that, takes the other."""
    try:
        call = read_object(request.body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"The body is not a JSON object: {error}") from error
    ids = [_property(one) for one in named] if isinstance(named := call.get("mergeProperties"), list) else []
    if len(ids) != 2 or not all(value for _, value in ids):
        return Refused(Reason.NO_IDENTITY, request.body, "A merge names two ids in mergeProperties.")
    ids.sort(key=lambda one: one[0] != "userId")
    (_, user), (_, previous) = ids
    return Incoming(
        event="Aliased", user=user, anonymous="", message_id=id_text(call.get("messageId")),
        properties={"previous_id": previous}, received=request.received, previous=previous, raw=request.body,
    )  # fmt: skip


def _property(one: Any) -> tuple[str, str]:
    return (id_text(one.get("type")), id_text(one.get("value"))) if isinstance(one, dict) else ("", "")
