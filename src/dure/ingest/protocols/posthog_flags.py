"""What PostHog's libraries ask beside sending: which flags hold for somebody. There are none yet, and they are told so.

https://posthog.com/docs/api/flags
"""

from __future__ import annotations

from typing import Any

import msgspec

from dure.ingest.plugs import Decoded, Outcome, Reply, Request
from dure.ingest.protocols.posthog import ONE_EVENT, PostHog, plain_json
from dure.ingest.wire import form, id_text, read_object
from dure.kernel.errors import Malformed
from dure.kernel.ids import uuid7

_ASKED = ("/flags", "/decide")


class PostHogFlags(PostHog):
    """Fills `EventProtocol` with no events: the key is looked up, and the answer has no flags in it."""

    name = "posthog_flags"
    paths: tuple[str, ...] = (*_ASKED, *(f"{path}/" for path in _ASKED))

    def limit(self, path: str) -> int:  # noqa: ARG002
        return ONE_EVENT

    def decode(self, request: Request) -> Decoded:
        query = form(request.query)
        try:
            asked = read_object(plain_json(request, query, ONE_EVENT))
        except (msgspec.DecodeError, RecursionError) as error:
            raise Malformed(f"The body is not a JSON object: {error}") from error
        return Decoded(id_text(asked.get("api_key") or asked.get("token") or query.get("token")), [])

    def answer(self, request: Request, outcome: Outcome) -> Reply:  # noqa: ARG002
        return Reply(200, msgspec.json.encode(no_flags(request.path, form(request.query).get("v", ""))))


def remote_config(write_key: str, host: str) -> bytes:  # noqa: ARG001
    """What PostHog's library for browsers asks first: where to send, and that there is nothing else to do."""
    return msgspec.json.encode(
        {
            "token": write_key, "analytics": {"endpoint": "/i/v0/e/"}, "supportedCompression": ["gzip", "gzip-js"],
            "defaultIdentifiedOnly": True, "elementsChainAsString": True, "hasFeatureFlags": False, "surveys": False,
            "sessionRecording": False, "heatmaps": False, "capturePerformance": False, "captureDeadClicks": False,
            "autocapture_opt_out": False, "autocaptureExceptions": False, "siteApps": [],
        }
    )  # fmt: skip


def no_flags(path: str, version: str) -> dict[str, Any]:
    """The answer of a version: names, then values by name, then payloads beside them, then an object each."""
    body: dict[str, Any] = {
        "errorsWhileComputingFlags": False, "requestId": str(uuid7()), "config": {"enable_collect_everything": True},
        "supportedCompression": ["gzip", "gzip-js"], "sessionRecording": False, "toolbarParams": {},
        "isAuthenticated": False,
    }  # fmt: skip
    number = int(version) if version.isdecimal() and len(version) < 3 else 1
    if number >= (2 if path.startswith("/flags") else 4):
        return body | {"flags": {}}
    if number == 1 and path.startswith("/decide"):
        return body | {"featureFlags": []}
    return body | {"featureFlags": {}, "featureFlagPayloads": {}}
