"""How the two versions of SCIM say the same: 2.0 as its RFCs have it, 1.1 as Slack does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from dure.governance.scim.errors import BadFilter
from dure.governance.scim.filters import key_of
from dure.governance.scim.model import ENTERPRISE, GUEST, PROFILE
from dure.kernel.errors import DureError, NotAllowed, NotFound, NotSignedIn, TooMany

_V1_CORE = "urn:scim:schemas:core:1.0"
_V1_NAMES = {
    ENTERPRISE: "urn:scim:schemas:extension:enterprise:1.0",
    GUEST: "urn:scim:schemas:extension:slack:guest:1.0",
    PROFILE: "urn:scim:schemas:extension:slack:profile:1.0",
}
_V2_NAMES = {old: new for new, old in _V1_NAMES.items()}
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class Changed(DureError):
    """It was changed meanwhile: read it anew."""

    status = 412
    code = "changed"


class NoMethod(DureError):
    """This cannot be done with this address."""

    status = 405
    code = "method_not_allowed"


@dataclass(frozen=True)
class Version:
    """`write` and `read` go from and to SCIM 2.0; `listing` is what a list says it is."""

    path: str
    media: str
    listing: Sequence[str]
    write: Callable[[Mapping[str, Any]], dict[str, Any]]
    read: Callable[[Mapping[str, Any]], dict[str, Any]]
    error: Callable[[DureError], dict[str, Any]]
    ended: Callable[[], Response]

    def json(self, body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return Response(text, status, dict(headers or {}), self.media)


def status_of(error: DureError) -> int:
    """SCIM knows no 422."""
    return 400 if error.status == 422 else error.status


def merged(before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """A partial change of SCIM 1.1: what is said replaces what was; members come beside those there are, and go with
    `operation: delete`; `meta.attributes` names what is taken away."""
    made = {key: value for key, value in before.items() if key != "meta"}
    for name in (said.get("meta") or {}).get("attributes", ()) if isinstance(said.get("meta"), Mapping) else ():
        made.pop(key_of(made, str(name)) or "", None)
    for name, value in said.items():
        key = key_of(made, name) or name
        if key in ("id", "meta", "schemas", "groups"):
            continue
        if key == "members" and isinstance(value, list):
            gone = {one.get("value") for one in value if isinstance(one, Mapping) and one.get("operation") == "delete"}
            new = [one for one in value if not (isinstance(one, Mapping) and one.get("operation") == "delete")]
            made[key] = [one for one in made.get(key, ()) if one.get("value") not in gone] + new
        elif isinstance(value, Mapping) and isinstance(made.get(key), Mapping):
            made[key] = {**made[key], **value}
        else:
            made[key] = value
    return made


def provider_config_v1(_: str) -> dict[str, Any]:
    scheme = {
        "type": "oauth2", "name": "OAuth v2.0", "description": "A token of an owner with scope admin",
        "specUrl": "https://www.rfc-editor.org/info/rfc6750", "primary": True,
    }  # fmt: skip
    return {
        "authenticationSchemes": [scheme],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": 1_000},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "xmlDataFormat": {"supported": False},
    }


def _as_v1(resource: Mapping[str, Any]) -> dict[str, Any]:
    made = {_V1_NAMES.get(key, key): value for key, value in resource.items()}
    if "schemas" in made:
        made["schemas"] = [_V1_CORE, *(old for old in _V1_NAMES.values() if old in made)]
    if "userName" in made:
        made.setdefault("displayName", made.get("name", {}).get("formatted") or made["userName"])
    if "members" in made:
        made["members"] = [{key: one[key] for key in ("value", "display") if key in one} for one in made["members"]]
    return made


def _from_v1(said: Mapping[str, Any]) -> dict[str, Any]:
    return {_V2_NAMES.get(key, key): value for key, value in said.items()}


def _v1_error(error: DureError) -> dict[str, Any]:
    described = {
        NotSignedIn: "invalid_authentication", TooMany: "ratelimited", BadFilter: "no_filters (is_aggregate_call=1)",
        NotAllowed: f"not_authorized: {error.message}", NotFound: "not_found",
    }  # fmt: skip
    said = next((text for kind, text in described.items() if isinstance(error, kind)), error.message)
    return {"Errors": {"code": status_of(error), "description": said}}


def _v2_error(error: DureError) -> dict[str, Any]:
    made = {"schemas": [_ERROR], "status": str(status_of(error)), "detail": error.message}
    kind = getattr(error, "kind", "")
    if kind and status_of(error) in (400, 409):
        made["scimType"] = kind
    return made


def _same(said: Mapping[str, Any]) -> dict[str, Any]:
    return dict(said)


V1 = Version(
    "v1", "application/json", (_V1_CORE,), _as_v1, _from_v1, _v1_error,
    lambda: Response("{}", 200, media_type="application/json"),
)  # fmt: skip
V2 = Version(
    "v2", "application/scim+json", ("urn:ietf:params:scim:api:messages:2.0:ListResponse",), _same, _same, _v2_error,
    lambda: Response(status_code=204),
)  # fmt: skip
