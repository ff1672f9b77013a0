"""Mixpanel's events and profile updates as ours: whose each is, what it changes, which duplicates it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.pipeline import as_time
from dure.ingest.traits import ACCOUNT_KINDS, account_of, trait_properties
from dure.ingest.wire import id_text, message_id, object_of

OLDEST_TRACK = timedelta(days=5)

_OPERATIONS = {
    "$set": "set", "$set_once": "set_once", "$add": "add", "$append": "append", "$union": "union",
    "$remove": "remove", "$unset": "unset", "$delete": "delete",
}  # fmt: skip
# Mixpanel's own profile properties under the names that everybody else has for them.
_TRAITS = {"$email": "email", "$name": "name", "$first_name": "first_name", "$last_name": "last_name",
           "$phone": "phone", "$avatar": "avatar", "$created": "created"}  # fmt: skip
_NAMES = {"$mp_web_page_view": "Page Viewed"}
_PAGE = {"current_url_path": "path", "current_page_title": "title", "current_domain": "host",
         "current_url_search": "search", "$current_url": "url", "$referrer": "referrer"}  # fmt: skip
_NOISE = frozenset({
    "token", "time", "distinct_id", "$device_id", "$user_id", "$insert_id", "mp_lib", "$lib_version", 
    "$had_persisted_distinct_id", "mp_sent_by_lib_version", "$mp_api_endpoint", "$mp_api_timestamp_ms", "$import",
})  # fmt: skip
_DEVICE = "$device:"


def tracked(fields: dict[str, Any], raw: bytes, received: datetime, *, imported: bool) -> Incoming | Refused:
    """One event of `/track` or `/import`."""
    if not isinstance(fields.get("properties"), dict):
        return Refused(Reason.MALFORMED, raw, "`properties` is an object.")
    properties: dict[str, Any] = fields["properties"]
    event, insert = id_text(fields.get("event")), id_text(properties.get("$insert_id"))
    linked = _linked(event, properties)
    if linked is not None:
        return _link(event, *linked, raw, received, properties)
    claimed = properties.get("time")
    if isinstance(claimed, bool) or not isinstance(claimed, int | float | str | None):
        return Refused(Reason.TIME_UNREADABLE, raw, "`properties.time` is in seconds or milliseconds.")
    if imported and claimed is None:
        return Refused(Reason.TIME_UNREADABLE, raw, "`properties.time` is missing.")
    if not imported and claimed is not None and (at := as_time(claimed)) is not None:
        if at < received - OLDEST_TRACK:
            return Refused(Reason.TIME_TOO_EARLY, raw, "/track takes five days; send what is older to /import.")
        if at > received:
            claimed = None
    user, device = whose(properties.get("$user_id"), properties.get("$device_id"), properties.get("distinct_id"))
    same = "\0".join((event, id_text(properties.get("time")), user or device))
    digest = blake2b(same.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return Incoming(
        event=_NAMES.get(event, event), user=user, anonymous=device,
        message_id=message_id("mixpanel", insert, digest) if insert else "",
        properties=_own(event, properties), received=received,
        account=account_of({kind: properties[kind] for kind in ACCOUNT_KINDS if kind in properties}),
        claimed=claimed, raw=raw,
    )  # fmt: skip


def profile(fields: dict[str, Any], raw: bytes, received: datetime) -> Incoming | Refused:
    """One update of `/engage`."""
    user, device = whose(fields.get("$user_id"), fields.get("$device_id"), fields.get("$distinct_id"))
    return _update("Identified", user, device, "", fields, raw, received)


def group(fields: dict[str, Any], raw: bytes, received: datetime) -> Incoming | Refused:
    """One update of `/groups`: it is about the group whoever sends it."""
    key = id_text(fields.get("$group_key"))
    account = account_of({key: fields.get("$group_id")}) if key else ""
    if not account:
        return Refused(Reason.NO_IDENTITY, raw, "An update says $group_key and $group_id.")
    return _update("Account Identified", "", "", account, fields, raw, received)


def whose(user: Any, device: Any, distinct: Any) -> tuple[str, str]:
    """The user's and the device's id. `$device:x` is Mixpanel's spelling of the device x that nobody signed in on."""
    who = id_text(distinct)
    told_user, told_device = id_text(user), id_text(device)
    if who.startswith(_DEVICE):
        return told_user, told_device or who.removeprefix(_DEVICE)
    if who and who == told_device and not told_user:
        return "", told_device
    return told_user or who, told_device


def _update(
    event: str, user: str, device: str, account: str, fields: dict[str, Any], raw: bytes, received: datetime
) -> Incoming | Refused:
    asked = {word: fields[word] for word in _OPERATIONS if word in fields}
    if not asked:
        return Refused(Reason.MALFORMED, raw, f"An update has one of {', '.join(_OPERATIONS)}.")
    for word, given in asked.items():
        if word != "$delete" and not isinstance(given, list if word == "$unset" else dict):
            return Refused(Reason.MALFORMED, raw, f"`{word}` is {'a list' if word == '$unset' else 'an object'}.")
    claimed = None if fields.get("$ignore_time") is True else fields.get("$time")
    if isinstance(claimed, bool) or not isinstance(claimed, int | float | str | None):
        claimed = None
    renamed = {word: _renamed(given) for word, given in asked.items()}
    # An update that says when it was made is the same update when it comes again.
    message = f"mixpanel:{blake2b(raw, digest_size=16).hexdigest()}" if "$time" in fields else ""
    return Incoming(
        event=event, user=user, anonymous=device, message_id=message, properties=trait_properties(renamed, _OPERATIONS),
        received=received, account=account, claimed=claimed, raw=raw,
    )  # fmt: skip


def _renamed(given: Any) -> Any:
    if isinstance(given, list):
        return [_TRAITS.get(name, name) if isinstance(name, str) else name for name in given]
    return {_TRAITS.get(name, name): value for name, value in given.items()} if isinstance(given, dict) else given


def _linked(event: str, properties: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """The user and the other id of an event that joins two."""
    if event == "$identify":
        return (
            properties.get("$identified_id") or properties.get("$user_id") or properties.get("distinct_id"),
            properties.get("$anon_id") or properties.get("$anon_distinct_id") or properties.get("$device_id"),
        )
    if event == "$create_alias":
        # At sign-up the alias is the id that somebody goes by from now on.
        return properties.get("alias"), properties.get("distinct_id")
    if event == "$merge":
        ids = properties.get("$distinct_ids")
        return (ids[0], ids[1]) if isinstance(ids, list) and len(ids) == 2 else (None, None)
    return None


def _link(
    event: str, user: Any, other: Any, raw: bytes, received: datetime, properties: Mapping[str, Any]
) -> Incoming | Refused:
    ids = (id_text(user).removeprefix(_DEVICE), id_text(other).removeprefix(_DEVICE))
    if not all(ids):
        return Refused(Reason.NO_IDENTITY, raw, f"{event} names two ids.")
    claimed = properties.get("time")
    insert = id_text(properties.get("$insert_id"))
    common: dict[str, Any] = {
        "message_id": message_id("mixpanel", insert, event) if insert else "", "received": received, "raw": raw,
        "claimed": claimed if isinstance(claimed, int | float | str) and not isinstance(claimed, bool) else None,
    }  # fmt: skip
    if event == "$identify":
        return Incoming(event="Identified", user=ids[0], anonymous=ids[1], properties={}, **common)
    return Incoming(
        event="Aliased", user=ids[0], anonymous="", properties={"previous_id": ids[1]}, previous=ids[1], **common
    )


def _own(event: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in properties.items() if name not in _NOISE}
    if event in _NAMES:
        for theirs, ours in _PAGE.items():
            if theirs in own and ours not in own:
                own[ours] = own.pop(theirs)
    return own


def read(raw: bytes) -> dict[str, Any]:
    """Raises msgspec.DecodeError or RecursionError."""
    return _read(raw)


def token_of(fields: Mapping[str, Any]) -> str:
    """The project token of an event or an update."""
    return id_text(fields.get("$token") or object_of(fields.get("properties")).get("token"))


_read = msgspec.json.Decoder(dict[str, Any]).decode
