"""Somebody is erased while something about them is under way: it leaves nothing of them behind."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dure.campaigns.holding import CampaignHolder
from dure.campaigns.responses.api import Responses
from dure.campaigns.responses.tickets import Tickets
from dure.kernel.errors import NotFound
from dure.kernel.seal import Seal
from dure.kernel.whom import Whom
from dure.log.api import LogWriter
from dure.state import Tx
from tests.campaigns.recommending.company import happened, heard
from tests.campaigns.safety.letters import launched
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio


async def erased(studio: Studio, tx: Tx, who: str) -> None:
    whom = Whom(studio.cast.tenant).wider(people=[studio.who(who)], ids=[who])
    await CampaignHolder(studio.clock, Seal(b"k" * 32)).erase(tx, whom)


async def histories(studio: Studio) -> set[str]:
    async with studio.state.begin(studio.cast.tenant) as tx:
        workspace = studio.cast.tenant.workspace
        rows = await tx.rows("select person from campaigns.history where workspace = %s", (workspace,))
    kept = {row["person"] for row in rows}
    return {name for name in ("u-1", "u-2") if studio.who(name) in kept}


async def test_a_reading_that_began_before_somebody_was_erased_keeps_no_history(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writer = studio.campaigns.recommending._reading, LogWriter(studio.state, studio.log)
    await happened(studio, [heard("u-1", "b-1"), heard("u-2", "b-1")])
    while await writer.step():
        pass
    read = reading._ask

    async def interrupted(*asked: Any) -> Any:
        found = await read(*asked)
        async with studio.state.begin(studio.cast.tenant) as tx:
            await erased(studio, tx, "u-1")  # while what was read of them is in this process's hands
        return found

    monkeypatch.setattr(reading, "_ask", interrupted)
    assert await reading.step(studio.cast.tenant, studio.clock.now()) == 0
    assert await histories(studio) == set()
    monkeypatch.undo()
    # The log has forgotten them by then; whoever was not erased is read after all.
    await studio.log.command(
        studio.cast.tenant, "alter table events delete where person = {person:UUID} settings mutations_sync = 1",
        {"person": str(studio.who("u-1"))},
    )  # fmt: skip
    await reading.step(studio.cast.tenant, studio.clock.now())
    assert await histories(studio) == {"u-2"}


async def test_an_opening_that_comes_in_while_its_message_is_erased_is_not_noted(studio: Studio) -> None:
    await studio.know("u-1")
    campaign = await launched(studio)
    await studio.happen("Signed Up", "u-1")
    await studio.settle()
    (message,) = (await studio.messages(campaign)).values()
    workspace = studio.cast.tenant.workspace
    responses = Responses(studio.state, studio.clock, studio.cast.governance, Tickets(b"k" * 32, "https://s.example"))
    async with studio.state.begin(studio.cast.tenant) as tx:
        await erased(studio, tx, "u-1")
        opening = asyncio.create_task(responses.told(studio.cast.tenant, str(message.id), "opened"))
        # The opening waits for the message that this transaction has erased.
        while not await tx.value("select exists(select from pg_stat_activity where datname = current_database()"
                                 " and wait_event_type = 'Lock')"):  # fmt: skip
            assert not opening.done()
            await asyncio.sleep(0.005)
    with pytest.raises(NotFound):
        await opening
    async with studio.state.begin(studio.cast.tenant) as tx:
        assert not await tx.value("select count(*) from campaigns.response where workspace = %s", (workspace,))
    assert await studio.events("Message Opened") == []
