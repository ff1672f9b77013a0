"""Which protocols the doors speak, and whose a request is at a path that two vendors' clients use."""

from __future__ import annotations

import re

from dure.ingest.plugs import EventProtocol, Request
from dure.ingest.protocols.amplitude import Amplitude
from dure.ingest.protocols.either import Either
from dure.ingest.protocols.mixpanel import Mixpanel
from dure.ingest.protocols.posthog import PostHog
from dure.ingest.protocols.posthog_flags import PostHogFlags, remote_config
from dure.ingest.protocols.rudder import RudderStack, is_rudders
from dure.ingest.segment import Segment, settings

# What libraries ask before they send, as a function of the write key and of this host.
SETTINGS = {
    "/v1/projects/{write_key}/settings": settings,
    "/array/{write_key}/config": remote_config,
}
_LIST = re.compile(rb'"(events|batch)"\s*:\s*\[')


def default() -> list[EventProtocol]:
    """Every path once."""
    amplitude, posthog, rudder = Amplitude(), PostHog(), RudderStack()
    return [
        Either(Segment.paths, Segment(), rudder, is_rudders),
        rudder,
        Either(("/batch",), amplitude, posthog, is_posthogs),
        amplitude,
        posthog,
        PostHogFlags(),
        Mixpanel(),
    ]


def is_posthogs(request: Request) -> bool:
    """At `/batch`: Amplitude's body has `events` and is plain JSON, PostHog's has `batch` or is packed."""
    body = request.body
    if request.method == "GET" or "compression=" in request.query or body[:2] == b"\x1f\x8b":
        return True
    first = _LIST.search(body)
    return first is not None and first[1] == b"batch"
