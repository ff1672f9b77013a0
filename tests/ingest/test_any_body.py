"""Whatever is sent to a protocol's path, its sender gets an answer in that protocol's words."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.ingest import pipeline
from dure.ingest.plugs import EventProtocol, Outcome, Request
from dure.ingest.protocols.default import default
from dure.kernel.errors import DureError
from tests.conftest import SORI
from tests.people_of import MONDAY_NOON

# The words that the protocols look for, so that random bodies get past the first look.
WORDS = (
    "events", "batch", "data", "api_key", "token", "$token", "event", "event_type", "properties", "distinct_id", "uuid",
    "user_id", "device_id", "userId", "anonymousId", "type", "traits", "context", "library", "channel", "groups",
    "user_properties", "group_properties", "options", "min_id_length", "time", "timestamp", "sent_at", "offset",
    "insert_id", "$insert_id", "$set", "$set_once", "$unset", "$add", "$delete", "$groups", "$group_type", "$group_key",
    "$group_id", "$group_set", "alias", "$distinct_ids", "$device_id", "$user_id", "mergeProperties", "value", "$time",
    "client_upload_time", "historical_migration",
)  # fmt: skip
VALUES = (
    "A", "user-17", "undefined", "$identify", "$groupidentify", "$create_alias", "$merge", "$merge_dangerously", "$set",
    "$pageview", "track", "alias", "group", "userId", "\ud800", "2026-11-23T03:00:00Z", 1_795_402_800_000, 1e300, -1,
    0, True, False, None, "", [], {},
)  # fmt: skip
BODIES = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=8),
    max_leaves=40,
)
PROTOCOLS = default()


def packed(body: Any, how: str) -> bytes:
    """The body as JSON, or as browsers and old libraries pack it."""
    text = json.dumps(body)
    plain = text.encode()
    if how == "form":
        return urlencode({"data": text, "event": text, "api_key": "k", "verbose": "1"}).encode()
    if how == "base64":
        return urlencode({"data": base64.b64encode(plain).decode()}).encode()
    return gzip.compress(plain) if how == "gzip" else plain


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=[protocol.name for protocol in PROTOCOLS])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_body_is_answered(protocol: EventProtocol, data: st.DataObject) -> None:
    body = data.draw(BODIES | st.lists(BODIES, max_size=3).map(lambda many: {"events": many, "api_key": "k"})
                     | st.lists(BODIES, max_size=3).map(lambda many: {"batch": many, "token": "k"}))  # fmt: skip
    how = data.draw(st.sampled_from(("json", "form", "base64", "gzip")))
    path = data.draw(st.sampled_from(protocol.paths))
    method = data.draw(st.sampled_from(("POST", "GET")))
    query = data.draw(st.sampled_from(("", "verbose=1", "compression=gzip-js", "v=2", "data=e30=", "strict=0")))
    request = Request(method, path, query, {}, packed(body, how), MONDAY_NOON)
    try:
        passed = pipeline.run(protocol.decode(request).events, SORI, "web")
        reply = protocol.answer(request, Outcome(len(passed.lines), passed.refused))
    except DureError as error:
        reply = protocol.failed(request, error.status, error.code, error.message)
        assert reply.status in (200, 400, 413)
    if reply.content_type == "application/json" and reply.body:
        json.loads(reply.body)
