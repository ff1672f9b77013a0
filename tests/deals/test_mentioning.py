"""A text says which open deals it is about."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.deals.mentioning.steps import steps
from tests.deals.conftest import Desk

pytestmark = pytest.mark.anyio


async def named(desk: Desk, text: str) -> Any:
    (kind,) = steps()
    tenant = desk.cast.tenant
    principal = desk.cast.governance.system(tenant, "automation", "run-1")
    call = StepCall(tenant, principal, "run-1", "mention-open-deal", "run-1:a:1", "", desk.clock.now())
    async with desk.state.begin(tenant) as tx:
        return await kind.run(tx, call, msgspec.convert({"text": text}, kind.inputs))


async def test_the_largest_open_deal_of_an_account_that_is_named_comes_first(desk: Desk) -> None:
    small = await desk.deal("작은 캠페인", 1_000_000)
    large = await desk.deal("큰 캠페인", 900_000_000)
    lost = await desk.deal("놓친 캠페인", 990_000_000)
    await desk.deals.move(desk.cast.mina, lost.id, "Closed Lost", lost_reason="가격")
    found = await named(desk, "오늘 한빛커피 광고를 들었는데 좋네요")
    assert (found.count, found.deals, found.deal) == (2, [large.id, small.id], large.id)
    assert (found.account_name, found.owner, found.channel) == ("한빛커피", desk.sumi.id, "")
    nothing = await named(desk, "커피가 좋네요")
    assert (nothing.count, nothing.deal) == (0, "")


async def test_a_latin_name_has_to_stand_as_a_word(desk: Desk) -> None:
    able = await desk.deals.create_account(desk.cast.mina, "Able+", industry="food")
    deal = await desk.deals.create(
        desk.cast.mina, "Spring", able.id, 5, (await desk.deal()).close_date, owner=desk.sumi.id)  # fmt: skip
    assert (await named(desk, "We love ABLE+!")).deal == deal.id
    assert (await named(desk, "a table+ is enough")).count == 0
    assert (await named(desk, "'; drop table x; -- 100%")).count == 0
