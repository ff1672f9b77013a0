"""What holds of guests: of one channel or of several, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dure.governance.model import User
from dure.kernel.errors import Invalid


def require_guest(user: User, channels: Sequence[str], now: datetime) -> None:
    """Raises Invalid for a guest of one channel who comes to none or several, and for an end that is none."""
    if user.guest == "single" and len(set(channels)) != 1:
        raise Invalid("A guest of one channel comes to exactly one.", field="channels")
    if user.expires_at is None:
        return
    if not user.guest:
        raise Invalid("Only a guest's seat has an end.", field="expires_at")
    if user.expires_at.tzinfo is None:
        raise Invalid("`expires_at` needs a time zone.", field="expires_at")
    if user.expires_at <= now:
        raise Invalid("`expires_at` is over already.", field="expires_at")


def guest_facts(user: User) -> dict[str, str]:
    """What an event says of a guest; nothing of who is none."""
    if not user.guest:
        return {}
    return {"guest": user.guest, "expires_at": user.expires_at.isoformat() if user.expires_at else ""}
