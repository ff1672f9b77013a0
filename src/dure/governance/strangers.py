"""Organisations, workspaces and people of other servers: as much of them as a shared channel needs.

Their ids are this server's own, so that what another server says can never name somebody of here or of a third one.
Nobody of them can sign in: they have no e-mail, no password, no token.
"""

from __future__ import annotations

from dure.governance import store
from dure.governance.model import Role, User, Workspace
from dure.kernel.clock import Clock
from dure.kernel.ids import slack_id
from dure.state import Tx

_NAME = 80


class Strangers:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def organisation_in(self, tx: Tx, name: str) -> str:
        """An organisation of another server; its id here."""
        org = slack_id("E")
        await store.add_organisation(tx, org, name[:_NAME], self._clock.now())
        return org

    async def workspace_in(self, tx: Tx, server: str, org: str, name: str, domain: str) -> Workspace:
        """A workspace of an organisation that another server has. `server` is the partnership that it is known by."""
        made = Workspace(
            slack_id("T"), org, "", name[:_NAME], f"{domain[:_NAME]}.{slack_id('').lower()}", "UTC", "KRW", "en",
            server=server,
        )  # fmt: skip
        await store.add_workspace(tx, made, self._clock.now())
        return made

    async def person_in(self, tx: Tx, workspace: str, name: str, display: str, title: str) -> str:
        """Somebody of a workspace elsewhere; their id here."""
        made = User(
            slack_id("U"), workspace, "", name[:_NAME], display[:_NAME], Role.MEMBER, "", title[:_NAME], "en", "", False
        )
        await store.add_user(tx, made, self._clock.now())
        return made.id

    async def describe_in(self, tx: Tx, workspace: str, user: str, name: str, display: str, title: str) -> None:
        """What somebody elsewhere is called now."""
        found = await store.user(tx, workspace, user)
        told = User(user, workspace, "", name[:_NAME], display[:_NAME], Role.MEMBER, "", title[:_NAME], "en", "", False)
        if found is not None and (found.name, found.display, found.title) != (told.name, told.display, told.title):
            await store.describe(tx, told)
