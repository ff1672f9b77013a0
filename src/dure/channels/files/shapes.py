"""Files as JSON at Dure's own door. Addresses begin at the server's root."""

from __future__ import annotations

from typing import Any

from dure.channels.files.kinds import SHOWN, pretty_type
from dure.channels.files.model import File
from dure.channels.model import ts_text
from dure.channels.slack.file_shapes import private_url, public_url, thumb_url


def file(found: File) -> dict[str, Any]:
    """`mode` is hosted, snippet, external, `tombstone` for a deleted one, `cut` for one of a partner who left."""
    gone = "tombstone" if found.state == "deleted" else "cut" if found.cut else ""
    if gone:
        return {"id": found.id, "mode": gone}
    hosted = found.mode != "external"
    return {
        "id": found.id,
        "mode": found.mode,
        "name": found.name,
        "title": found.title,
        "alt": found.alt,
        "mimetype": found.mimetype,
        "filetype": found.filetype,
        "pretty": pretty_type(found.filetype),
        "size": found.size,
        "user": found.user,
        "created_at": found.created_at,
        "width": found.width,
        "height": found.height,
        "preview": found.preview,
        "lines": found.lines,
        "shown": hosted and found.mimetype in SHOWN,
        "public_url": public_url(found, base="/"),
        "url": private_url(found, base="/") if hosted else found.external_url,
        "download": private_url(found, download=True, base="/") if hosted else found.external_url,
        "thumbs": {
            str(one.size): {"url": thumb_url(found, one.size, base="/"), "width": one.width, "height": one.height}
            for one in found.thumbs
            if one.size >= 360
        },
    }


def placed(found: File) -> dict[str, Any]:
    """A file with where the caller can see it."""
    places = [{"channel": one.channel, "ts": ts_text(one.ts), "thread_ts": ts_text(one.thread) if one.thread else None}
              for one in found.shares]  # fmt: skip
    return {**file(found), "shares": places}
