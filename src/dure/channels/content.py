"""What a message may hold besides its text: blocks, attachments, metadata; and who is named in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from dure.channels.blockkit import check as blockkit
from dure.channels.refusals import (
    BlocksTooLong,
    InvalidAttachments,
    InvalidBlocks,
    InvalidBlocksFormat,
    InvalidMetadata,
    InvalidMetadataSchema,
    MetadataTooLarge,
    TooManyAttachments,
)

_BLOCKS_JSON = 120_000
_ATTACHMENTS = 100
_METADATA_JSON = 16_384
# Where none of these stands nobody is named.
_NAMING = (b"<@", b"<!", b'"user_id"', b'"usergroup_id"', b'"range"')
_MENTION = re.compile(r"<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|(!here|!channel|!everyone))(?:[|^][^<>]*)?>")


def checked_blocks(blocks: list[Any] | None) -> list[Any] | None:
    if not blocks:
        return None
    if not isinstance(blocks, list):
        raise InvalidBlocksFormat(field="blocks")
    if len(json.dumps(blocks)) > _BLOCKS_JSON:
        raise BlocksTooLong(field="blocks")
    problems = blockkit.check(blocks)
    if problems:
        raise InvalidBlocks(problems)
    return blockkit.complete(blocks)


def checked_attachments(attachments: list[Any] | None) -> list[Any] | None:
    if not attachments:
        return None
    if not isinstance(attachments, list) or not all(isinstance(item, dict) for item in attachments):
        raise InvalidAttachments(field="attachments")
    if len(attachments) > _ATTACHMENTS:
        raise TooManyAttachments(field="attachments")
    if len(json.dumps(attachments)) > _BLOCKS_JSON:
        raise BlocksTooLong(field="attachments")
    for number, attachment in enumerate(attachments):
        attachment.setdefault("id", number + 1)
        if attachment.get("blocks"):
            problems = blockkit.check(attachment["blocks"], at=f"/attachments/{number}/blocks")
            if problems:
                raise InvalidBlocks(problems, field="attachments")
            blockkit.complete(attachment["blocks"])
    return attachments


def checked_metadata(metadata: dict[str, Any] | None) -> dict[str, Any] | None:
    if metadata is None or metadata == {}:
        return metadata
    if not isinstance(metadata, dict):
        raise InvalidMetadata(field="metadata")
    entities = metadata.get("entities")
    if entities is not None and not (isinstance(entities, list) and all(isinstance(one, dict) for one in entities)):
        raise InvalidMetadataSchema(field="metadata")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload", {})
    # What a message is about (`entities`) stands for itself; an event needs its type.
    if (kind is not None or not entities) and not (isinstance(kind, str) and kind.strip()):
        raise InvalidMetadataSchema(field="metadata")
    if not isinstance(payload, dict):
        raise InvalidMetadataSchema(field="metadata")
    if len(json.dumps(metadata)) > _METADATA_JSON:
        raise MetadataTooLarge(field="metadata")
    return metadata if kind is None else {**metadata, "event_payload": payload}


def mentions_in(text: str, blocks: list[Any] | None = None) -> tuple[str, ...]:
    """Who is named: ids of users and user groups, and `!here`, `!channel`, `!everyone`."""
    found = dict.fromkeys(_mentions(text))
    if blocks and _may_name(blocks):
        for one in _named(blocks):
            found[one] = None
    return tuple(found)


def _may_name(blocks: list[Any]) -> bool:
    written = msgspec.json.encode(blocks)
    return any(sign in written for sign in _NAMING)


def _mentions(text: str) -> Iterator[str]:
    if "<" in text:
        for user, group, everybody in _MENTION.findall(text):
            yield user or group or everybody


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _mentions(value)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind == "user" and "user_id" in value:
            yield str(value["user_id"])
        elif kind == "usergroup" and "usergroup_id" in value:
            yield str(value["usergroup_id"])
        elif kind == "broadcast" and "range" in value:
            yield f"!{value['range']}"
        else:
            for item in value.values():
                yield from _named(item)
