"""What several processes keep of one workspace's recommendations at a time."""

from __future__ import annotations

import psycopg
import pytest

from dure.campaigns.recommending import store
from dure.campaigns.recommending.model import Selectors
from dure.kernel.tenant import Tenant
from dure.state import State

pytestmark = pytest.mark.anyio


async def test_two_who_ask_whether_it_stands_come_one_after_the_other(state: State) -> None:
    """Each may change the row next: had both been told, neither could."""
    tenant = Tenant("EASK", "TASK")
    async with state.begin(tenant) as tx:
        await store.begin(tx, tenant.org, tenant.workspace)
    async with state.begin(tenant) as first:
        assert await store.stands(first, tenant.workspace, Selectors())
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await _ask_in_haste(state, tenant)
        await store.note(first, tenant.workspace, arrived=7)
    async with state.begin(tenant) as later:
        found = await store.standing(later, tenant.workspace)
        assert found is not None
        assert found.arrived == 7


async def _ask_in_haste(state: State, tenant: Tenant) -> bool:
    async with state.begin(tenant) as tx:
        await tx.run("set local lock_timeout = '50ms'")
        return await store.stands(tx, tenant.workspace, Selectors())
