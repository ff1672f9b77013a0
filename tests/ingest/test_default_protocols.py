"""The protocols together: no path is dealt out twice, and a shared one goes to whom the request is from."""

from __future__ import annotations

from collections import Counter

import pytest

from dure.ingest.plugs import Request
from dure.ingest.protocols.default import default, is_posthogs
from dure.ingest.protocols.rudder import is_rudders
from tests.people_of import MONDAY_NOON


def request(body: bytes = b"", query: str = "", **headers: str) -> Request:
    return Request("POST", "/batch", query, headers, body, MONDAY_NOON)


def test_every_path_has_one_protocol() -> None:
    paths = Counter(path for protocol in default() for path in protocol.paths)
    assert max(paths.values()) == 1
    promised = {"/v1/batch", "/v1/b", "/2/httpapi", "/batch", "/batch/", "/capture/", "/i/v0/e/", "/flags/",
                "/i/v1/analytics/events", "/track", "/import", "/engage", "/groups"}  # fmt: skip
    assert promised <= set(paths)


@pytest.mark.parametrize(
    ("body", "whose"),
    [
        (b'{"api_key":"k","events":[{"batch":[1]}]}', False),
        (b'{"events" : [],"options":{}}', False),
        (b'{"api_key":"k","batch":[{"properties":{"events":[1]}}]}', True),
        (b"\x1f\x8b\x08", True),
        (b"{}", False),
        (b"", False),
    ],
)
def test_a_batch_is_amplitudes_or_posthogs_by_what_it_holds(body: bytes, whose: bool) -> None:
    assert is_posthogs(request(body)) is whose


@pytest.mark.parametrize(
    ("asked", "whose"),
    [
        (request(b'{"channel": "server"}'), True),
        (request(b'{"context":{"library":{"name":"RudderLabs JavaScript SDK"}}}'), True),
        (request(b"{}", anonymousid="x"), True),
        (request(b'{"text":"' + b"x" * 50_000 + b'","channel":"server"}'), True),
        (request(b'{"properties":{"channel":"push","title":"A rudder"}}'), False),
        (request(b'{"context":{"library":{"name":"analytics-python"}}}'), False),
    ],
)
def test_a_call_is_rudderstacks_by_its_channel_or_library(asked: Request, whose: bool) -> None:
    assert is_rudders(asked) is whose
