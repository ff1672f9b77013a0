"""What people decided is written down in their name, by the automation that asked them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.kernel.errors import Conflict, Invalid
from dure.pacing.deciding import steps
from tests.pacing.conftest import Desk

pytestmark = pytest.mark.anyio


async def run(desk: Desk, name: str, **inputs: Any) -> Any:
    kind = next(kind for kind in steps(desk.pacing) if kind.name == name)
    tenant = desk.cast.tenant
    principal = desk.cast.governance.system(tenant, "automation", "run-1")
    call = StepCall(tenant, principal, "run-1", "trafficking-qa", "run-1:a:1", "", desk.clock.now())
    async with desk.state.begin(tenant) as tx:
        return await kind.run(tx, call, msgspec.convert(inputs, kind.inputs))


async def test_a_second_person_approves_and_whoever_set_it_up_does_not(desk: Desk) -> None:
    mina, joon = desk.cast.mina, desk.cast.joon
    item = await desk.item(start=3)
    await desk.pacing.trafficking.done(mina, item.id)
    with pytest.raises(Conflict, match="a second person has to"):
        await run(desk, "pacing.qa", line_item=item.id, decision="yes", by=mina.user)
    done = await run(desk, "pacing.qa", line_item=item.id, decision="yes", by=joon.user)
    assert done.trafficking == "approved"
    (told,) = await desk.events("QA Approved")
    assert (told.properties["approved_by"], told.run, told.actor) == (joon.user, "run-1", joon.user)


async def test_a_no_opens_it_again_and_says_why(desk: Desk) -> None:
    item = await desk.item(start=3)
    await desk.pacing.trafficking.done(desk.cast.mina, item.id)
    with pytest.raises(Invalid, match="Say what is wrong"):
        await run(desk, "pacing.qa", line_item=item.id, decision="no", by=desk.cast.joon.user)
    await run(desk, "pacing.qa", line_item=item.id, decision="no", by=desk.cast.joon.user, reason="픽셀이 없음")
    (told,) = await desk.events("QA Rejected")
    assert told.properties["reason"] == "픽셀이 없음"
    with pytest.raises(Invalid) as refused:
        await run(desk, "pacing.qa", line_item=item.id, decision="yes", by="")
    assert refused.value.field == "by"


async def test_a_make_good_is_declined_once(desk: Desk) -> None:
    item = await desk.item()
    made = await desk.pacing.makegoods.propose(desk.cast.mina, item.id, units=500)
    assert (await run(desk, "pacing.decline", makegood=made.id, by=desk.cast.joon.user)).status == "declined"
    with pytest.raises(Conflict, match="declined already"):
        await run(desk, "pacing.decline", makegood=made.id, by=desk.cast.joon.user)
