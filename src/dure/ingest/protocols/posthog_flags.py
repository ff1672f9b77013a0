"""What PostHog's libraries ask beside sending: which flags hold for somebody.

https://posthog.com/docs/api/flags
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dure.ingest.plugs import AskedFlags, Decoded, Outcome, Reply, Request, ToldFlag
from dure.ingest.protocols.posthog import ONE_EVENT, PostHog, plain_json
from dure.ingest.wire import form, id_text, object_of, read_object
from dure.kernel.errors import Malformed
from dure.kernel.ids import uuid7

_ASKED = ("/flags", "/decide")
# From this version on a flag is an object of its own; before, values and payloads stood beside one another.
_OBJECTS = {"/flags": 2, "/decide": 4}


class PostHogFlags(PostHog):
    """Reads the question and words the answer; `FlagDoor` asks whoever knows flags in between."""

    name = "posthog_flags"
    paths: tuple[str, ...] = (*_ASKED, *(f"{path}/" for path in _ASKED))

    def limit(self, path: str) -> int:  # noqa: ARG002
        return ONE_EVENT

    def asked(self, request: Request) -> tuple[str, AskedFlags | None]:
        """The write key and for whom; None where the asker wants no flags or says nobody."""
        query = form(request.query)
        try:
            body = read_object(plain_json(request, query, ONE_EVENT))
        except (msgspec.DecodeError, RecursionError) as error:
            raise Malformed(f"The body is not a JSON object: {error}") from error
        key = id_text(body.get("api_key") or body.get("token") or query.get("token"))
        who = id_text(body.get("distinct_id") or body.get("$distinct_id"))
        if not who or body.get("disable_flags") is True:
            return key, None
        wanted = body.get("flag_keys_to_evaluate")
        keys = frozenset(map(str, wanted)) if isinstance(wanted, list) else None
        return key, AskedFlags(who, object_of(body.get("person_properties")), keys)

    def told(self, request: Request, flags: Sequence[ToldFlag]) -> Reply:
        return Reply(200, msgspec.json.encode(worded(request.path, form(request.query).get("v", ""), flags)))

    def decode(self, request: Request) -> Decoded:
        return Decoded(self.asked(request)[0], [])

    def answer(self, request: Request, outcome: Outcome) -> Reply:  # noqa: ARG002
        return self.told(request, ())


def remote_config(write_key: str, host: str) -> bytes:  # noqa: ARG001
    """What PostHog's library for browsers asks first: where to send, and that it may ask for flags."""
    return msgspec.json.encode(
        {
            "token": write_key, "analytics": {"endpoint": "/i/v0/e/"}, "supportedCompression": ["gzip", "gzip-js"],
            "defaultIdentifiedOnly": True, "elementsChainAsString": True, "hasFeatureFlags": True, "surveys": False,
            "sessionRecording": False, "heatmaps": False, "capturePerformance": False, "captureDeadClicks": False,
            "autocapture_opt_out": False, "autocaptureExceptions": False, "siteApps": [],
        }
    )  # fmt: skip


def worded(path: str, version: str, flags: Sequence[ToldFlag]) -> dict[str, Any]:
    """The answer of a version: names, then values by name, then payloads beside them, then an object each."""
    body: dict[str, Any] = {
        "errorsWhileComputingFlags": False, "requestId": str(uuid7()), "config": {"enable_collect_everything": True},
        "supportedCompression": ["gzip", "gzip-js"], "sessionRecording": False, "toolbarParams": {},
        "isAuthenticated": False,
    }  # fmt: skip
    number = int(version) if version.isdecimal() and len(version) < 3 else 1
    door = path.rstrip("/")
    if number >= _OBJECTS[door]:
        typed = door == "/flags" and number >= 4
        return body | {"flags": {flag.key: _object(flag, typed) for flag in flags}}
    on = {flag.key: flag.value for flag in flags if flag.value is not False}
    if number == 1 and door == "/decide":
        return body | {"featureFlags": list(on)}
    payloads = {flag.key: flag.payload for flag in flags if flag.payload is not None}
    return body | {"featureFlags": {flag.key: flag.value for flag in flags}, "featureFlagPayloads": payloads}


def _object(flag: ToldFlag, typed: bool) -> dict[str, Any]:
    variant = flag.value if isinstance(flag.value, str) else None
    told: dict[str, Any] = {
        "key": flag.key, "enabled": flag.value is not False, "variant": variant,
        "reason": {"code": flag.code, "condition_index": flag.condition, "description": flag.description},
        "metadata": {
            "id": flag.number, "version": flag.version, "payload": flag.payload, "description": None,
            "has_experiment": flag.has_experiment,
        },
    }  # fmt: skip
    if typed:
        told["value"] = flag.value
        told["metadata"] |= {"description": "", "config_version": 1}
    return told
