"""One of Amplitude's events as ours: whose it is, what it says about them, and its device as a context."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.traits import account_of, trait_properties
from dure.ingest.wire import id_text, message_id, object_of

IDENTIFY = "$identify"
GROUP_IDENTIFY = "$groupidentify"

OPERATIONS = {
    "$set": "set", "$setOnce": "set_once", "$add": "add", "$append": "append", "$prepend": "prepend",
    "$unset": "unset", "$remove": "remove", "$preInsert": "pre_insert", "$postInsert": "post_insert",
    "$clearAll": "clear",
}  # fmt: skip
# Fields beside the properties: money and the session stay properties, the device goes where Segment's context has it.
_PROPERTIES = ("price", "quantity", "revenue", "productId", "revenueType", "currency", "session_id")
_CONTEXT = {
    "platform": ("platform",), "ip": ("ip",), "language": ("locale",), "user_agent": ("userAgent",),
    "app_version": ("app", "version"), "version_name": ("app", "version"),
    "os_name": ("os", "name"), "os_version": ("os", "version"),
    "device_brand": ("device", "brand"), "device_manufacturer": ("device", "manufacturer"),
    "device_model": ("device", "model"), "carrier": ("network", "carrier"),
    "country": ("location", "country"), "region": ("location", "region"), "city": ("location", "city"),
    "location_lat": ("location", "latitude"), "location_lng": ("location", "longitude"),
}  # fmt: skip


def incomings(
    fields: dict[str, Any], raw: bytes, received: datetime, sent: datetime | None, shortest: int
) -> Iterator[Incoming | Refused]:
    """The event first, then what it says about its user, where it says anything."""
    user, device = id_text(fields.get("user_id")), id_text(fields.get("device_id"))
    kept_user, kept_device = (given if len(given) >= shortest else "" for given in (user, device))
    kind = fields.get("event_type")
    about_group = kind == GROUP_IDENTIFY
    if (user or device) and not (kept_user or kept_device) and not about_group:
        yield Refused(Reason.NO_IDENTITY, raw, f"Ids have at least {shortest} characters.")
        return
    claimed = fields.get("time")
    if isinstance(claimed, bool) or not isinstance(claimed, int | float | str | None):
        yield Refused(Reason.TIME_UNREADABLE, raw)
        return
    groups = object_of(fields.get("groups"))
    insert = id_text(fields.get("insert_id"))
    message = message_id("amplitude", kept_device or kept_user, insert) if insert else ""

    def incoming(event: str, properties: dict[str, Any], suffix: str = "") -> Incoming:
        return Incoming(
            event=event, user=kept_user, anonymous=kept_device, 
            message_id=message and message + suffix, properties=properties,
            received=received, account=account_of(groups), claimed=claimed or None, sent=sent, raw=raw,
        )  # fmt: skip

    if about_group:
        of_group = incoming("Account Identified", traits(fields.get("group_properties")))
        # It is about the group whoever sends it.
        of_group.user = of_group.anonymous = ""
        if not of_group.account:
            yield Refused(Reason.NO_IDENTITY, raw, "A $groupidentify names its group in `groups`.")
        else:
            yield of_group
        return
    about_user = traits(fields.get("user_properties"))
    if kind == IDENTIFY:
        yield incoming("Identified", about_user)
        return
    yield incoming(id_text(kind), properties_of(fields, groups))
    if about_user:
        yield incoming("Identified", about_user, ":traits")


def traits(user_properties: Any) -> dict[str, Any]:
    """Traits from operations; properties without any operation are set."""
    given = object_of(user_properties)
    plain = {name: value for name, value in given.items() if name not in OPERATIONS}
    return trait_properties({**given, "$set": {**plain, **object_of(given.get("$set"))}}, OPERATIONS)


def properties_of(fields: dict[str, Any], groups: dict[str, Any]) -> dict[str, Any]:
    """The event's own properties, then what stands beside them. The library, plan and advertising ids are left out."""
    properties = dict(object_of(fields.get("event_properties")))
    for name in _PROPERTIES:
        if fields.get(name) is not None:
            properties.setdefault(name, fields[name])
    if len(groups) > 1:
        properties.setdefault("groups", groups)
    context: dict[str, Any] = {}
    for name, path in _CONTEXT.items():
        value = fields.get(name)
        if value is None or value == "" or (name == "ip" and value == "$remote"):
            continue
        inner = context
        for part in path[:-1]:
            inner = inner.setdefault(part, {})
        inner.setdefault(path[-1], value)
    if context:
        properties.setdefault("context", context)
    return properties
