"""`files.remote.*`: files of an app's that lie elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.files.model import File, Filter
from dure.channels.slack import file_shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.channels.slack.files import moment

_READ, _WRITE, _SHARE = ("remote_files:read",), ("remote_files:write",), ("remote_files:share",)


async def add(call: Call) -> dict[str, Any]:
    _by_bot(call)
    made = await call.services.files.add_remote(
        call.principal, call.arguments.needed("external_id", "invalid_external_id"),
        call.arguments.needed("title", "bad_title"), call.arguments.needed("external_url", "invalid_external_url"),
        call.arguments.text("filetype")[:20],
    )  # fmt: skip
    return {"file": file_shapes.file(made)}


async def info(call: Call) -> dict[str, Any]:
    return {"file": file_shapes.file(await _found(call))}


async def list_(call: Call) -> dict[str, Any]:
    limit = call.arguments.whole("limit", 20, 200)
    after = call.arguments.cursor("remote")
    page = int(after) if after.isdigit() and len(after) < 9 else 1
    channel = call.arguments.text("channel").strip()
    found, total = await call.services.files.listed(
        call.principal,
        Filter(
            channel=(await call.channels.info(call.principal, channel)).id if channel else "",
            since=moment(call, "ts_from"), until=moment(call, "ts_to"), types=("remote",),
        ),
        page=page, count=limit,
    )  # fmt: skip
    more = cursor_of("remote", str(page + 1)) if page * limit < total else ""
    return {"files": [file_shapes.file(one) for one in found], "response_metadata": {"next_cursor": more}}


async def remove(call: Call) -> dict[str, Any]:
    _by_bot(call)
    found = await _found(call)
    await call.services.files.delete(call.principal, found.id)
    return {}


async def share(call: Call) -> dict[str, Any]:
    channels = call.arguments.items("channels")
    if not channels:
        raise Refused("channel_not_found")
    ids = [(await call.channels.info(call.principal, one)).id for one in channels]
    found = await _found(call)
    return {"file": file_shapes.file(await call.services.files.share_remote(call.principal, found.id, ids))}


async def update(call: Call) -> dict[str, Any]:
    _by_bot(call)
    found = await _found(call)
    changed = await call.services.files.update_remote(
        call.principal, found.id, title=call.arguments.text("title"), url=call.arguments.text("external_url"),
        filetype=call.arguments.text("filetype")[:20],
    )  # fmt: skip
    return {"file": file_shapes.file(changed)}


def _by_bot(call: Call) -> None:
    if call.principal.kind != "bot":
        raise Refused("not_allowed_token_type")


async def _found(call: Call) -> File:
    file, external = call.arguments.text("file").strip(), call.arguments.text("external_id").strip()
    if not file and not external:
        raise Refused("invalid_arguments", "[ERROR] file or external_id is needed")
    return await call.services.files.remote(call.principal, file, external)


METHODS: Mapping[str, Method] = {
    "files.remote.add": Method(add, _WRITE),
    "files.remote.info": Method(info, _READ),
    "files.remote.list": Method(list_, _READ),
    "files.remote.remove": Method(remove, _WRITE),
    "files.remote.share": Method(share, _SHARE),
    "files.remote.update": Method(update, _WRITE),
}
