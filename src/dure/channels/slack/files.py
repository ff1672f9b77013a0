"""`files.*`, but for those that lie elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dure.channels.canvas.refusals import CanvasDeleted, CanvasNotFound
from dure.channels.files.api import Files
from dure.channels.files.kinds import TYPES
from dure.channels.files.model import Filter
from dure.channels.files.refusals import FileDeleted, FileNotFound
from dure.channels.refusals import InvalidBlocks
from dure.channels.slack import file_shapes
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.channels.slack.site import BASE

_PAGE, _PAGES = 100, 1_000_000
_CONTENT = 64 * 1024
_READ, _WRITE = ("files:read",), ("files:write",)


async def get_upload_url(call: Call) -> dict[str, Any]:
    name = call.arguments.text("filename").strip()
    length = call.arguments.text("length").strip()
    if not length or not length.isascii() or not length.isdigit() or len(length) > 15 or not int(length):
        raise Refused("missing_argument" if not length or not length.strip("0") else "invalid_arguments")
    file, secret = await _files(call).reserve(
        call.principal, name, int(length), alt=call.arguments.text("alt_txt"),
        snippet=call.arguments.text("snippet_type").lower(),
    )  # fmt: skip
    return {"upload_url": f"{BASE.get()}slack/upload/v1/{secret}", "file_id": file.id}


async def complete_upload(call: Call) -> dict[str, Any]:
    try:
        listed = call.arguments.structure("files", list)
    except InvalidBlocks:
        listed = None
    if not listed:
        raise Refused("invalid_arguments", "[ERROR] missing required field: files")
    files = []
    for one in listed:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str):
            raise Refused("invalid_arguments", "[ERROR] files: a list of {id, title}")
        files.append((one["id"], str(one.get("title") or "")))
    channels = [*call.arguments.items("channel_id"), *_channels(call.arguments.items("channels"))]
    thread = call.arguments.text("thread_ts").strip()
    kept = await _files(call).complete(
        call.principal, files, channels=[(await call.channels.info(call.principal, one)).id for one in channels],
        comment=call.arguments.text("initial_comment"), blocks=call.arguments.structure("blocks", list),
        thread=call.arguments.ts("thread_ts", "invalid_thread_ts") if thread else None,
    )  # fmt: skip
    return {"files": [file_shapes.file(one) for one in kept]}


async def info(call: Call) -> dict[str, Any]:
    """A file; a page is one to Slack, and is found here by its id too."""
    try:
        found = await _files(call).info(call.principal, _file(call))
    except FileNotFound as nowhere:
        try:
            page = await call.services.pages.canvas(call.principal, _file(call))
        except CanvasNotFound:
            raise nowhere from None
        except CanvasDeleted as gone:
            raise FileDeleted(field="file") from gone
        return {"file": file_shapes.canvas(page), "comments": [], "response_metadata": {"next_cursor": ""}}
    shape: dict[str, Any] = {"file": file_shapes.file(found), "comments": []}
    if found.mode == "snippet":
        length = min(found.size, _CONTENT)
        raw = b"".join([part async for part in _files(call).content(found, 0, length)])
        shape |= {"content": raw.decode("utf-8", "replace"), "is_truncated": found.size > length}
    return {**shape, "response_metadata": {"next_cursor": ""}}


async def list_(call: Call) -> dict[str, Any]:
    count, page = call.arguments.whole("count", _PAGE, 1_000), call.arguments.whole("page", 1, _PAGES)
    types = [one for one in call.arguments.items("types") if one != "all"]
    if not set(types) <= TYPES.keys():
        raise Refused("unknown_type")
    user = call.arguments.text("user").strip()
    if user:
        await call.channels.person(call.principal, user)
    channel = call.arguments.text("channel").strip()
    found, total = await _files(call).listed(
        call.principal,
        Filter(
            channel=(await call.channels.info(call.principal, channel)).id if channel else "", user=user,
            since=moment(call, "ts_from"), until=moment(call, "ts_to"), types=tuple(types),
        ),
        page=page, count=count,
    )  # fmt: skip
    return {
        "files": [file_shapes.file(one) for one in found],
        "paging": {"count": count, "total": total, "page": page, "pages": -(-total // count)},
    }


async def delete(call: Call) -> dict[str, Any]:
    await _files(call).delete(call.principal, _file(call))
    return {}


async def share_publicly(call: Call) -> dict[str, Any]:
    return {"file": file_shapes.file(await _published(call, True))}


async def revoke_public(call: Call) -> dict[str, Any]:
    return {"file": file_shapes.file(await _published(call, False))}


async def delete_comment(_: Call) -> dict[str, Any]:
    """Comments on files became threads years ago."""
    raise Refused("method_deprecated")


async def _published(call: Call, public: bool) -> Any:
    if call.principal.kind != "user":
        raise Refused("not_allowed_token_type")
    return await _files(call).publish(call.principal, _file(call), public)


def _files(call: Call) -> Files:
    return call.services.files


def _channels(named: list[str]) -> list[str]:
    """Slack's own client, given one id for `channels`, puts commas between its letters: still it names one channel."""
    return ["".join(named)] if len(named) > 1 and all(len(one) == 1 for one in named) else named


def _file(call: Call) -> str:
    return call.arguments.needed("file", "file_not_found")


def moment(call: Call, name: str) -> datetime | None:
    """A timestamp as a moment; None where it is absent."""
    ts = call.arguments.ts_or(name, 0, "invalid_arguments")
    return datetime.fromtimestamp(min(ts, 253_402_300_000_000_000) / 1_000_000, UTC) if ts else None


METHODS: Mapping[str, Method] = {
    "files.comments.delete": Method(delete_comment, _WRITE),
    "files.completeUploadExternal": Method(complete_upload, _WRITE),
    "files.delete": Method(delete, _WRITE),
    "files.getUploadURLExternal": Method(get_upload_url, _WRITE),
    "files.info": Method(info, _READ),
    "files.list": Method(list_, _READ),
    "files.revokePublicURL": Method(revoke_public, _WRITE),
    "files.sharedPublicURL": Method(share_publicly, _WRITE),
}
