"""Telling open screens that somebody came, went or changed: only those that show this person hear it."""

from __future__ import annotations

from typing import Any

from dure.channels.presence import store
from dure.feed.api import whisper
from dure.state import Tx


async def tell_presence(
    tx: Tx, workspace: str, user: str, *, active: bool | None = None, profile: bool = False
) -> None:
    """Whispers to the topic `presence:USER`, at home and where the person is met."""
    what: dict[str, Any] = {"user": user}
    if active is not None:
        what["presence"] = "active" if active else "away"
    if profile:
        what["profile"] = True
    for one in (workspace, *await store.neighbours(tx, user)):
        await whisper(tx, one, [f"presence:{user}"], what)
