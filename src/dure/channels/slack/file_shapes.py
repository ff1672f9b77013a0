"""Files as Slack's clients expect them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dure.channels.canvas.model import Canvas
from dure.channels.files.kinds import pretty_type
from dure.channels.files.model import File, Shared
from dure.channels.model import ts_text
from dure.channels.slack.site import BASE

_PREVIEW_LINES = 5


def file(found: File) -> dict[str, Any]:
    """A file on its own: what it is, where it is shared."""
    shared = [one for one in found.shares if one.kind == "channel" and not one.private]
    hidden = [one for one in found.shares if one.kind == "channel" and one.private]
    direct = [one for one in found.shares if one.kind != "channel"]
    shape = {
        **carried(found),
        "channels": _ids(shared),
        "groups": _ids([*hidden, *(one for one in direct if one.kind == "mpim")]),
        "ims": _ids([one for one in direct if one.kind == "im"]),
        "comments_count": 0,
        "has_more_shares": False,
    }
    places = {"public": _places(shared), "private": _places([*hidden, *direct])}
    return {**shape, "shares": {kind: found for kind, found in places.items() if found}}


def carried(found: File) -> dict[str, Any]:
    """A file in a message."""
    if found.state == "deleted":
        return {"id": found.id, "mode": "tombstone"}
    if found.cut:
        return {"id": found.id, "created": 0, "timestamp": 0, "user": "", "file_access": "access_denied"}
    at = int(found.created_at.timestamp())
    shape: dict[str, Any] = {
        "id": found.id,
        "created": at,
        "timestamp": at,
        "name": found.name,
        "title": found.title,
        "mimetype": found.mimetype,
        "filetype": found.filetype,
        "pretty_type": pretty_type(found.filetype),
        "user": found.user,
        "user_team": found.workspace,
        "editable": found.mode == "snippet",
        "size": found.size,
        "mode": found.mode,
        "is_external": found.mode == "external",
        "external_type": "app" if found.mode == "external" else "",
        "is_public": found.open,
        "public_url_shared": found.public_secret is not None,
        "display_as_bot": False,
        "username": "",
        "permalink": f"{BASE.get()}slack/files/{found.user}/{found.id}/{_name(found)}",
        "has_rich_preview": False,
        "file_access": "visible",
    }
    if found.alt:
        shape["alt_txt"] = found.alt
    if found.app:
        shape["app_id"] = found.app
    if found.mode == "external":
        shape |= {
            "external_id": found.external_id,
            "external_url": found.external_url,
            "url_private": found.external_url,
        }
        return shape
    media = found.mimetype.partition("/")[0]
    shape |= {
        "url_private": private_url(found),
        "url_private_download": private_url(found, download=True),
        "media_display_type": media if media in ("audio", "video") else "unknown",
    }
    if found.public_secret:
        shape["permalink_public"] = public_url(found)
    if found.mode == "snippet":
        shape |= _preview(found)
    if found.width and found.height:
        shape |= {"original_w": found.width, "original_h": found.height}
    for thumb in found.thumbs:
        shape[f"thumb_{thumb.size}"] = thumb_url(found, thumb.size)
        if thumb.size >= 360:
            shape |= {f"thumb_{thumb.size}_w": thumb.width, f"thumb_{thumb.size}_h": thumb.height}
    return shape


def canvas(found: Canvas) -> dict[str, Any]:
    """A page as the file that Slack takes it for."""
    at = int(found.created_at.timestamp())
    where = f"{BASE.get()}channels/{found.channel}" if found.channel else f"{BASE.get()}channels"
    return {
        "id": found.id,
        "created": at,
        "timestamp": at,
        "updated": int(found.at.timestamp()),
        "name": found.title or "Untitled",
        "title": found.title or "Untitled",
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "pretty_type": "Canvas",
        "user": found.creator,
        "last_editor": found.user,
        "editable": True,
        "size": len(found.body.encode()),
        "mode": "quip",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "permalink": where,
        "is_channel_space": found.channel is not None,
        "linked_channel_id": found.channel or "",
        "channels": [found.channel] if found.channel else [],
        "groups": [],
        "ims": [],
        "comments_count": 0,
        "shares": {},
    }


def private_url(found: File, *, download: bool = False, base: str | None = None) -> str:
    way = "download/" if download else ""
    return f"{BASE.get() if base is None else base}slack/files-pri/{_place(found)}/{way}{_name(found)}"


def thumb_url(found: File, size: int, *, base: str | None = None) -> str:
    thumb = found.thumb(size)
    ending = "png" if thumb is not None and thumb.mimetype == "image/png" else "jpg"
    stem = _name(found).rpartition(".")[0] or _name(found)
    return f"{BASE.get() if base is None else base}slack/files-tmb/{_place(found)}/{stem}_{size}.{ending}"


def public_url(found: File, *, base: str | None = None) -> str | None:
    """Where whoever has the address has the file; None where it is not public."""
    if not found.public_secret:
        return None
    return f"{BASE.get() if base is None else base}slack/files-pub/{_place(found)}-{found.public_secret}"


def _place(found: File) -> str:
    return f"{found.workspace}-{found.id}"


def _name(found: File) -> str:
    return quote(found.name.replace(" ", "_"), safe="") or "file"


def _preview(found: File) -> dict[str, Any]:
    lines = found.preview.splitlines()
    shown = lines[:_PREVIEW_LINES]
    return {
        "preview": "\n".join(shown),
        "lines": found.lines,
        "lines_more": max(0, found.lines - len(shown)),
        "preview_is_truncated": found.lines > len(shown),
    }


def _ids(shares: list[Shared]) -> list[str]:
    return list(dict.fromkeys(one.channel for one in shares))


def _places(shares: list[Shared]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in shares:
        place = {
            "reply_users": [],
            "reply_users_count": 0,
            "reply_count": 0,
            "ts": ts_text(one.ts),
            "channel_name": one.name,
            "team_id": one.team,
            "share_user_id": one.user,
            "source": "UNKNOWN",
            "is_silent_share": False,
        }
        if one.thread is not None:
            place["thread_ts"] = ts_text(one.thread)
        found.setdefault(one.channel, []).append(place)
    return found
