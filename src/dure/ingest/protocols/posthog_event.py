"""One of PostHog's events as ours: whose it is, what it says about people and groups, its own words as ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dure.ingest.model import Incoming, Reason, Refused
from dure.ingest.traits import account_of, trait_properties
from dure.ingest.wire import id_text, object_of

_WORDS = {"$set": "set", "$set_once": "set_once", "$unset": "unset"}
_NAMES = {"$pageview": "Page Viewed", "$screen": "Screen Viewed"}
_PAGE = {"$current_url": "url", "$pathname": "path", "$referrer": "referrer", "$host": "host", "$title": "title",
         "$screen_name": "name"}  # fmt: skip
# What the libraries say about themselves and about the way here; ids are read before.
_NOISE = frozenset({
    "token", "distinct_id", "alias", "$anon_distinct_id", "$device_id", "$user_id", "$insert_id", "$is_identified",
    "$groups", "$group_type", "$group_key", "$group_set", "$set", "$set_once", "$unset", "$process_person_profile",
    "$lib", "$lib_version", "$lib_custom_api_host", "$python_runtime", "$python_version", "$geoip_disable",
    "$ignore_sent_at", "$sent_at", "$time", "$config_defaults", "$sdk_debug_retry_queue_size", "$cookieless_mode",
    "$product_tour_id",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a request says about all of its events."""

    received: datetime
    sent: datetime | None


def incomings(fields: dict[str, Any], raw: bytes, envelope: Envelope) -> Iterator[Incoming | Refused]:
    """The event first, then what it says about its person, where it says anything."""
    properties = object_of(fields.get("properties"))
    options = object_of(fields.get("options"))
    event = id_text(fields.get("event"))
    who = _who(fields, properties)
    personless = False in (properties.get("$process_person_profile"), options.get("process_person_profile"))
    anonymous = _is_anonymous(who, properties) or personless
    message = id_text(fields.get("uuid")) or id_text(properties.get("$insert_id"))
    claimed = fields.get("timestamp")
    if isinstance(claimed, bool) or not isinstance(claimed, str | int | float | None):
        yield Refused(Reason.TIME_UNREADABLE, raw)
        return
    if claimed is None and isinstance(offset := fields.get("offset"), int | float):
        claimed = _earlier(envelope.received, offset)
    ignored = True in (properties.get("$ignore_sent_at"), options.get("disable_skew_correction"))
    groups = object_of(properties.get("$groups"))

    def incoming(name: str, properties: dict[str, Any], user: str, device: str, **more: Any) -> Incoming:
        given = {"message_id": message, "account": account_of(groups), **more}
        return Incoming(
            event=name, user=user, anonymous=device, properties=properties, received=envelope.received,
            claimed=claimed, sent=None if ignored else envelope.sent, raw=raw, **given,
        )  # fmt: skip

    about = trait_properties({word: _either(fields, properties, word) for word in _WORDS}, _WORDS)
    alias = id_text(properties.get("alias"))
    if event == "$identify":
        yield incoming("Identified", about, who, id_text(properties.get("$anon_distinct_id")))
    elif event in _WORDS:
        yield incoming("Identified", about, *_traits_of(who, properties))
    elif event in ("$create_alias", "$merge_dangerously"):
        # The alias of `$create_alias` is the id that somebody goes by from now on (`alias(previous_id, distinct_id)`);
        # that of `$merge_dangerously` is the one given up.
        user, previous = (alias, who) if event == "$create_alias" else (who, alias)
        if user and previous:
            yield incoming("Aliased", {"previous_id": previous}, user, "", previous=previous)
        else:
            yield Refused(Reason.NO_IDENTITY, raw, f"{event} says distinct_id and alias.")
    elif event == "$groupidentify":
        kind, key = id_text(properties.get("$group_type")), properties.get("$group_key")
        account = account_of({kind: key})
        if not kind or not account:
            yield Refused(Reason.NO_IDENTITY, raw, "$groupidentify says $group_type and $group_key.")
            return
        # Servers send it under an id made up for the purpose; only where a device says it, its user is a member.
        member = ("", who) if "$device_id" in properties else ("", "")
        of_group = trait_properties({"$set": properties.get("$group_set")}, _WORDS)
        yield incoming("Account Identified", of_group, *member, account=account)
    else:
        yield incoming(_NAMES.get(event, event), _own(event, fields, properties, groups), *_split(who, anonymous))
        if about and not personless:
            more = {"message_id": message and f"{message}:traits"}
            yield incoming("Identified", about, *_traits_of(who, properties), **more)


def _who(fields: dict[str, Any], properties: dict[str, Any]) -> str:
    return next(
        (
            found
            for given in (fields.get("distinct_id"), fields.get("$distinct_id"), properties.get("distinct_id"))
            if (found := id_text(given))
        ),
        "",
    )


def _is_anonymous(who: str, properties: dict[str, Any]) -> bool:
    return properties.get("$is_identified") is False or properties.get("$device_id") == who


def _split(who: str, anonymous: bool) -> tuple[str, str]:
    return ("", who) if anonymous else (who, "")


def _traits_of(who: str, properties: dict[str, Any]) -> tuple[str, str]:
    """Only `$identify` and aliases make an id a user's, as with PostHog: traits may be of a device."""
    return (who, "") if properties.get("$is_identified") is True else ("", who)


def _either(fields: dict[str, Any], properties: dict[str, Any], word: str) -> Any:
    """An operation, which stands beside the properties or among them; what stands among them wins."""
    beside, among = fields.get(word), properties.get(word)
    if isinstance(beside, dict) and isinstance(among, dict):
        return {**beside, **among}
    return among if among is not None else beside


def _own(event: str, fields: dict[str, Any], properties: dict[str, Any], groups: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in properties.items() if name not in _NOISE}
    for field in ("session_id", "window_id"):
        if fields.get(field) is not None:
            own.setdefault(f"${field}", fields[field])
    if event in _NAMES:
        for theirs, ours in _PAGE.items():
            if theirs in own and ours not in own:
                own[ours] = own.pop(theirs)
    if len(groups) > 1:
        own.setdefault("groups", groups)
    return own


def _earlier(moment: datetime, milliseconds: float) -> str | None:
    try:
        return (moment - timedelta(milliseconds=milliseconds)).isoformat()
    except (OverflowError, ValueError):
        return None
