"""People who come with what they said elsewhere: accounts for the authors of a past that is brought in.

Nobody is told and nobody is signed in: `deactivated` ones can do nothing, `active` ones have no password and wait for
a link, a reset or the organisation's provider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access
from dure.governance.model import Guest, Principal, Role, User
from dure.governance.policies.api import Policies
from dure.governance.signin.people import require_email
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.ids import slack_id
from dure.state import Tx

_NAME = 80


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who is to have an account. A guest of elsewhere is a guest here."""

    name: str
    email: str = ""
    display: str = ""
    title: str = ""
    guest: bool = False


class Arrivals:
    def __init__(self, clock: Clock, policies: Policies) -> None:
        self._clock = clock
        self._policies = policies

    async def add_in(self, tx: Tx, principal: Principal, people: Sequence[Arrival], *, active: bool) -> list[str]:
        """Their accounts' ids, in the same order, within an act that has its own event beside these.

        Who is known in the organisation by their e-mail is who they are. One without an e-mail is never active.
        """
        access(principal, "governance:write")
        if active:
            await self._policies.require(tx, principal, "people.invite")
        return [await self._add(tx, principal, one, active=active) for one in people]

    async def _add(self, tx: Tx, principal: Principal, one: Arrival, *, active: bool) -> str:
        workspace, now = principal.tenant.workspace, self._clock.now()
        email = _usable(one.email)
        active = active and bool(email)
        role, guest = (Role.GUEST, _MULTI) if one.guest else (Role.MEMBER, _NONE)
        user = await store.known_by_email(tx, workspace, email) if email else None
        before = await store.user(tx, workspace, user) if user else None
        if user is not None and before is not None:
            return user
        if user is None:
            user = slack_id("U")
            made = User(user, workspace, email, one.name[:_NAME] or "?", one.display[:_NAME], role, "",
                        one.title[:_NAME], "", "", False, guest)  # fmt: skip
            await store.add_user(tx, made, now)
        else:
            await store.seat(tx, workspace, user, role, now, guest=guest)
        if not active:
            await store.unseat(tx, workspace, user, now)
        about = {"name": one.name, "email": email, "role": role.value, "active": active}
        told = events.governance_event(principal, self._clock, events.USER_BROUGHT, "user", user, about)
        await append(tx, told)
        return user


_MULTI: Guest = "multi"
_NONE: Guest = ""


def _usable(email: str) -> str:
    """The e-mail, or none where it is not one."""
    try:
        require_email(email)
    except Invalid:
        return ""
    return email
