"""What the door says of itself: RFC 7643's descriptions of users, groups and of what is supported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.governance.scim.model import CORE_GROUP, CORE_USER, ENTERPRISE, GUEST, PROFILE

MOST = 1_000
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"


def _of(
    name: str, said: str, *, kind: str = "string", many: bool = False, required: bool = False, unique: str = "none",
    change: str = "readWrite", returned: str = "default", exact: bool = False, parts: Sequence[dict[str, Any]] = (),
    words: Sequence[str] = (), refers: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    made: dict[str, Any] = {
        "name": name, "type": kind, "multiValued": many, "description": said, "required": required,
        "mutability": change, "returned": returned,
    }  # fmt: skip
    if kind in ("string", "reference"):
        made |= {"caseExact": exact, "uniqueness": unique}
    if parts:
        made["subAttributes"] = list(parts)
    if words:
        made["canonicalValues"] = list(words)
    if refers:
        made["referenceTypes"] = list(refers)
    return made


def _values(said: str, *words: str, kind: str = "string", refers: Sequence[str] = ()) -> list[dict[str, Any]]:
    return [
        _of("value", said, kind=kind, refers=refers, exact=kind == "reference", required=True),
        _of("type", "What it is used for.", words=words),
        _of("primary", "Whether it is the main one.", kind="boolean"),
    ]


_USER = [
    _of("userName", "By which the directory knows the person.", required=True, unique="server"),
    _of("name", "What the person is called.", kind="complex", parts=[
        _of("formatted", "The whole name."), _of("familyName", "The family's name."),
        _of("givenName", "The person's own name."),
    ]),
    _of("displayName", "What the person is shown as."),
    _of("nickName", "What the person is called casually."),
    _of("profileUrl", "A page about the person.", kind="reference", refers=["external"], exact=True),
    _of("title", "The person's title."),
    _of("userType", "How the person belongs to the organisation."),
    _of("preferredLanguage", "The language that the person reads."),
    _of("locale", "How numbers and dates are written for the person."),
    _of("timezone", "The person's time zone."),
    _of("active", "Whether the person has access.", kind="boolean"),
    _of("emails", "Addresses; the primary one is the account's.", kind="complex", many=True, required=True,
        parts=_values("An address.", "work", "home", "other")),
    _of("phoneNumbers", "Telephone numbers.", kind="complex", many=True,
        parts=_values("A number.", "work", "home", "mobile", "other")),
    _of("photos", "Pictures.", kind="complex", many=True,
        parts=_values("A picture's address.", "photo", "thumbnail", kind="reference", refers=["external"])),
    _of("addresses", "Postal addresses.", kind="complex", many=True, parts=[
        *(_of(name, "A part of the address.")
          for name in ("formatted", "streetAddress", "locality", "region", "postalCode", "country")),
        _of("type", "What it is used for.", words=["work", "home", "other"]),
        _of("primary", "Whether it is the main one.", kind="boolean"),
    ]),
    _of("roles", "Roles in the organisation.", kind="complex", many=True, parts=_values("A role.")),
    _of("groups", "Groups that the person is in.", kind="complex", many=True, change="readOnly", parts=[
        _of("value", "The group's id.", change="readOnly"), _of("display", "The group's name.", change="readOnly"),
    ]),
]  # fmt: skip
_GROUP = [
    _of("displayName", "The group's name.", required=True, unique="server"),
    _of("members", "Who is in it.", kind="complex", many=True, parts=[
        _of("value", "A user's id.", change="immutable", exact=True),
        _of("$ref", "Where the user is found.", kind="reference", change="immutable", refers=["User"], exact=True),
        _of("display", "The user's name.", change="readOnly"),
        _of("type", "Always User.", change="immutable", words=["User"]),
    ]),
]  # fmt: skip
_ENTERPRISE = [
    *(_of(name, "As the directory has it.")
      for name in ("employeeNumber", "costCenter", "organization", "division", "department")),
    _of("manager", "Whom the person reports to.", kind="complex", parts=[
        _of("value", "The manager's id."), _of("displayName", "The manager's name.", change="readOnly"),
    ]),
]  # fmt: skip
_GUEST = [
    _of("type", "A guest of one channel, or of several.", words=["single", "multi"], exact=True),
    _of("expiration", "When the guest's access ends.", kind="dateTime"),
]
_PROFILE = [_of("startDate", "The person's first day.")]

_ALL = (
    (CORE_USER, "User", "A person of the organisation", _USER),
    (CORE_GROUP, "Group", "People whom the directory names together", _GROUP),
    (ENTERPRISE, "EnterpriseUser", "What a company's directory says of a person", _ENTERPRISE),
    (GUEST, "GuestUser", "What makes a person a guest", _GUEST),
    (PROFILE, "ProfileUser", "More of a person's profile", _PROFILE),
)


def schemas(base: str) -> list[dict[str, Any]]:
    return [
        {
            "schemas": [_SCHEMA], "id": urn, "name": name, "description": said, "attributes": attributes,
            "meta": {"resourceType": "Schema", "location": f"{base}Schemas/{urn}"},
        }
        for urn, name, said, attributes in _ALL
    ]  # fmt: skip


def resource_types(base: str) -> list[dict[str, Any]]:
    more = [{"schema": urn, "required": False} for urn in (ENTERPRISE, GUEST, PROFILE)]
    found = []
    for name, urn, extensions in (("User", CORE_USER, more), ("Group", CORE_GROUP, [])):
        one = {
            "schemas": [_TYPE], "id": name, "name": name, "endpoint": f"/{name}s", "description": f"A {name.lower()}",
            "schema": urn, "schemaExtensions": extensions,
            "meta": {"resourceType": "ResourceType", "location": f"{base}ResourceTypes/{name}"},
        }  # fmt: skip
        found.append(one)
    return found


def provider_config(base: str) -> dict[str, Any]:
    scheme = {
        "type": "oauthbearertoken", "name": "OAuth Bearer Token", "description": "A token of an owner with scope admin",
        "specUri": "https://www.rfc-editor.org/info/rfc6750", "primary": True,
    }  # fmt: skip
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [scheme],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}ServiceProviderConfig"},
    }
