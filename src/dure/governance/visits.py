"""Who comes in by a password or a link, and stays until the session ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from dure.governance import store
from dure.governance.access import access
from dure.governance.desk import Desk, not_above
from dure.governance.model import Principal, User
from dure.governance.signin.sessions import digest as _digest
from dure.kernel.errors import NotFound
from dure.kernel.origin import proven
from dure.state import Tx

LINK = timedelta(days=1)
"""How long a sign-in link may be followed."""


class Visits(Desk):
    async def sign_in(self, email: str, password: str, *, device: str = "") -> str:
        """A session for a program that has a password and nothing else; ten tries in ten minutes are TooMany.

        NotSignedIn, too, where the rules or their owner ask for a second factor: that is the sign-in page's.
        """
        return await self.signin.by_password_alone(email, password, device=device)

    async def sign_in_link(self, principal: Principal, user_id: str) -> str:
        """A link's secret that signs a user in once within a day; for owners handing out first access."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None or user.deleted:
                raise NotFound("There is no such user.", field="user")
            not_above(principal, user)
            if principal.user != user_id:
                await self.organisation.answers_for(tx, principal, user_id)
            return await self.sessions.open_in(tx, principal.tenant.workspace, user_id, "link", LINK)

    async def sign_ins(self, principal: Principal) -> list[tuple[User, datetime, datetime, int]]:
        """Who has sessions: the first and the last one's beginning, and how many; the last to come first."""
        return await self.sessions.sign_ins(principal)

    async def follow_link(self, secret: str, *, device: str = "") -> str:
        """Turns a sign-in link into a session, or half of one; a link works once."""
        return (await self.signin.entering.by_link(secret, device=device)).secret

    async def session(self, secret: str) -> Principal:
        """Who a browser's session speaks for."""
        found = await self.sessions.holder(secret)
        proven(session=session_id(secret))
        return found

    async def sign_out(self, secret: str) -> None:
        """Ends a session; its open sockets are closed by the event."""
        await self.sessions.end(secret)

    async def end_sessions_in(
        self, tx: Tx, principal: Principal, account: str, *, workspace: str | None = None, but: bytes = b""
    ) -> int:
        """Ends an account's sessions, within an act that has checked who may; see `Sessions.end_in`."""
        return await self.sessions.end_in(tx, principal, account, workspace=workspace, but=but)


def session_id(secret: str) -> str:
    """A session's number, by which entries of the audit trail are of one; it tells nothing of the secret."""
    return str(int.from_bytes(_digest(secret)[:6], "big"))
