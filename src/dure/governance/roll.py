"""Who there is: workspaces, and the people of one."""

from __future__ import annotations

from collections.abc import Sequence

from dure.governance import store
from dure.governance.desk import Desk
from dure.governance.model import User, Workspace
from dure.kernel.errors import NotFound
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Roll(Desk):
    """Read by the house itself; whether somebody may be told is the caller's to know."""

    async def workspaces(self, *, elsewhere: bool = False) -> list[Workspace]:
        """Every workspace of this server; for the system's own loops. With `elsewhere` those of other servers that
        this one knows of too: for names only."""
        async with self._state.begin_system() as tx:
            return await store.workspaces(tx, elsewhere=elsewhere)

    async def workspaces_in(self, tx: Tx, *, elsewhere: bool = False) -> list[Workspace]:
        """The same within a transaction that is open already."""
        return await store.workspaces(tx, elsewhere=elsewhere)

    async def workspace(self, tenant: Tenant) -> Workspace:
        async with self._state.begin(tenant) as tx:
            found = await store.workspace(tx, tenant.workspace)
        if found is None:
            raise NotFound("There is no such workspace.")
        return found

    async def workspace_in(self, tx: Tx, workspace: str) -> Workspace:
        """`workspace` by its id, within a transaction that is open already."""
        found = await store.workspace(tx, workspace)
        if found is None:
            raise NotFound("There is no such workspace.")
        return found

    async def users(self, tenant: Tenant) -> list[User]:
        """Everybody of the workspace, bots and deactivated ones included, oldest first."""
        async with self._state.begin(tenant) as tx:
            return await store.users(tx, tenant.workspace)

    async def users_in(self, tx: Tx, tenant: Tenant) -> list[User]:
        """The same within a transaction that is open already."""
        return await store.users(tx, tenant.workspace)

    async def users_named_in(self, tx: Tx, ids: Sequence[str]) -> list[User]:
        """People of any workspace by id, within a transaction; whose name may be told is the caller's to know."""
        return await store.users_named(tx, ids)

    async def user(self, tenant: Tenant, user_id: str) -> User:
        async with self._state.begin(tenant) as tx:
            found = await store.user(tx, tenant.workspace, user_id)
        if found is None:
            raise NotFound("There is no such user.", field="user")
        return found

    async def user_by_email(self, tenant: Tenant, email: str) -> User | None:
        async with self._state.begin(tenant) as tx:
            return await store.user_by_email(tx, tenant.workspace, email)
