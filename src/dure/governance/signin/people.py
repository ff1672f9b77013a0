"""Somebody new, by an invitation or by a provider's word."""

from __future__ import annotations

import re

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.model import Principal, User
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.state import Tx

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


async def add_in(
    tx: Tx, clock: Clock, principal: Principal, user: User, password: str | None = None, **how: str
) -> None:
    """Adds an account with its seat, within an act that has checked that it may be."""
    await store.add_user(tx, user, clock.now(), password)
    about = {"name": user.name, "email": user.email, "role": user.role.value, "function": user.function, **how}
    await append(tx, events.governance_event(principal, clock, events.USER_CREATED, "user", user.id, about))


def require_email(email: str) -> None:
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise Invalid(f"{email!r} is not an e-mail address.", field="email")
