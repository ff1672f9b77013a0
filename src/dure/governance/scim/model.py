"""People and groups as SCIM 2.0 sees them, and what of them an account is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.governance.model import OrgRole
from dure.governance.scim.errors import BadValue

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUEST = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
PROFILE = "urn:ietf:params:scim:schemas:extension:slack:profile:2.0:User"

LISTS = frozenset({"emails", "phonenumbers", "photos", "addresses", "roles", "members"})
_TEXTS = ("userName", "externalId", "displayName", "nickName", "title", "profileUrl", "timezone", "preferredLanguage",
          "locale", "userType")  # fmt: skip
# What is kept as it was said; the rest is the account's own.
_PROFILE = ("nickName", "profileUrl", "timezone", "locale", "userType", "phoneNumbers", "photos", "addresses", "roles")
USER_ATTRIBUTES = frozenset(
    name.lower() for name in (*_TEXTS, *_PROFILE, "name", "emails", "active", "schemas", ENTERPRISE, GUEST, PROFILE)
)
GROUP_ATTRIBUTES = frozenset({"displayname", "externalid", "members", "schemas"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_HANGUL = re.compile("[가-힣]+")
_LARGEST = 32_000


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the organisation with what its directory says beside."""

    id: str
    email: str
    name: str
    display: str
    title: str
    language: str
    org_role: OrgRole
    active: bool
    created_at: datetime
    changed_at: datetime
    user_name: str
    external_id: str
    profile: Mapping[str, Any]
    known: bool  # its directory has said something of it
    groups: Sequence[tuple[str, str]] = ()
    guest: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """People whom a directory names together; with a `workspace` they have seats there."""

    id: str
    name: str
    external_id: str
    workspace: str
    created_at: datetime
    changed_at: datetime
    members: Sequence[tuple[str, str]] = ()  # account and name


@dataclass(frozen=True, slots=True)
class Wish:
    """What a directory wants a person to be, checked."""

    user_name: str
    external_id: str
    email: str
    name: str
    display: str
    title: str
    language: str
    active: bool
    guest: str
    expires_at: datetime | None
    profile: dict[str, Any] = field(default_factory=dict)


def person_resource(person: Person) -> dict[str, Any]:
    """A person as a SCIM 2.0 resource, without `meta`."""
    profile = dict(person.profile)
    name = profile.get("name") or (
        {} if person.known else {"formatted": person.name, "givenName": person.name, "familyName": ""}
    )
    emails = [dict(one) for one in profile.pop("emails", ())]
    if person.email and all(str(one.get("value", "")).lower() != person.email.lower() for one in emails):
        emails = [{"value": person.email, "type": "work", "primary": True}]  # it was changed here, or never said
    made: dict[str, Any] = {
        "schemas": [CORE_USER],
        "id": person.id,
        "userName": person.user_name,
        **({"name": name} if name else {}),
        "active": person.active,
        "emails": emails,
    }
    if person.external_id:
        made["externalId"] = person.external_id
    display = person.display or ("" if person.known else person.name)
    for key, value in (("displayName", display), ("title", person.title), ("preferredLanguage", person.language)):
        if value:
            made[key] = value
    made |= {key: value for key, value in profile.items() if key != "name" and value not in ("", [], None)}
    if person.guest:
        made[GUEST] = {"type": person.guest}
        if person.expires_at:
            made[GUEST]["expiration"] = person.expires_at.isoformat().replace("+00:00", "Z")
    made["schemas"] += [urn for urn in (ENTERPRISE, GUEST, PROFILE) if urn in made]
    made["groups"] = [{"value": group, "display": shown} for group, shown in person.groups]
    return made


def group_resource(group: Group) -> dict[str, Any]:
    made: dict[str, Any] = {"schemas": [CORE_GROUP], "id": group.id, "displayName": group.name}
    if group.external_id:
        made["externalId"] = group.external_id
    made["members"] = [{"value": account, "display": name, "type": "User"} for account, name in group.members]
    return made


def wish_of(resource: Mapping[str, Any]) -> Wish:
    """What a resource says of a person. Raises BadValue with the field."""
    if len(str(resource)) > _LARGEST:
        raise BadValue(f"A user has more than {_LARGEST:,} letters.", field="user")
    for name in _TEXTS:
        if resource.get(name) is not None and not isinstance(resource[name], str):
            raise BadValue(f"`{name}` is a text.", field=name)
    user_name = str(resource.get("userName") or "").strip()
    if not user_name or len(user_name) > 254:
        raise BadValue("`userName` is a text of 1 to 254 characters.", field="userName")
    emails = _objects(resource, "emails")
    email = _primary(emails) or (user_name if _EMAIL.fullmatch(user_name) else "")
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise BadValue("`emails` has one address that is an e-mail address.", field="emails")
    parts = _object(resource, "name")
    profile = {key: resource[key] for key in _PROFILE if resource.get(key) not in (None, "", [])}
    for key in ("phoneNumbers", "photos", "addresses", "roles"):
        _objects(resource, key)
    for urn in (ENTERPRISE, PROFILE):
        if said := _object(resource, urn):
            profile[urn] = said
    if parts:
        profile["name"] = parts
    profile["emails"] = emails
    display = str(resource.get("displayName") or "").strip()[:200]
    called = _called(parts) or display or user_name
    guest = _object(resource, GUEST)
    kind = str(guest.get("type") or "")
    if kind not in ("", "single", "multi"):
        raise BadValue("A guest's `type` is single or multi.", field="type")
    return Wish(
        user_name, str(resource.get("externalId") or "")[:254], email, called[:200], display,
        str(resource.get("title") or "")[:200], str(resource.get("preferredLanguage") or "")[:64],
        _active(resource.get("active")), kind, _moment(guest.get("expiration")) if kind else None, profile,
    )  # fmt: skip


def members_of(resource: Mapping[str, Any]) -> list[str]:
    found = []
    for one in _objects(resource, "members"):
        value = one.get("value") or str(one.get("$ref") or "").rpartition("/")[2]
        if not isinstance(value, str) or not value:
            raise BadValue("A member has the `value` of a user's id.", field="members")
        found.append(value)
    return list(dict.fromkeys(found))


def group_name(resource: Mapping[str, Any]) -> str:
    name = resource.get("displayName")
    if not isinstance(name, str) or not name.strip() or len(name) > 200:
        raise BadValue("`displayName` is a text of 1 to 200 characters.", field="displayName")
    return name.strip()


def _called(name: Mapping[str, Any]) -> str:
    given, family = (str(name.get(key) or "").strip() for key in ("givenName", "familyName"))
    if given and family:
        return f"{family}{given}" if _HANGUL.fullmatch(given + family) else f"{given} {family}"
    return given or family or str(name.get("formatted") or "").strip()


def _active(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):  # as some directories send it
        return value.lower() == "true"
    raise BadValue("`active` is true or false.", field="active")


def _primary(emails: Sequence[Mapping[str, Any]]) -> str:
    chosen = next((one for one in emails if one.get("primary") is True), emails[0] if emails else {})
    return str(chosen.get("value") or "").strip()


def _object(resource: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = resource.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise BadValue(f"`{name}` is an object.", field=name)
    return {str(key): value for key, value in found.items() if value not in (None, "")}


def _objects(resource: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = resource.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise BadValue(f"`{name}` is a list of objects.", field=name)
    return [dict(one) for one in found]


def _moment(value: object) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadValue("A guest's `expiration` is a time.", field="expiration") from error
    if found.tzinfo is None:
        raise BadValue("A guest's `expiration` says its time zone.", field="expiration")
    return found
