"""Handing over asks of consent what sending asks: one judgement, the workspace's choice for silence included."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from dure.campaigns import store
from dure.campaigns.gate.model import Policy
from dure.campaigns.gate.rules import consents, hears
from dure.campaigns.gate.store import set_policy
from dure.campaigns.willing import Willing
from dure.experiments.halves import compare_halves
from dure.exports.api import Exports
from dure.exports.folder import FolderStorage
from dure.exports.model import Kind
from dure.kernel.clock import StillClock
from dure.kernel.seal import Seal
from dure.log.api import Log
from dure.people.api import Known, People
from dure.segments.api import Segments
from dure.segments.handover.api import Handovers, Wanted
from dure.state import State
from tests.people_of import MONDAY_NOON, found_sori
from tests.segments.handover.test_handovers import Address
from tests.segments.writing import happened, person, write

pytestmark = pytest.mark.anyio


async def test_silence_is_a_no_for_handing_over_where_it_is_one_for_sending(
    state: State, log: Log, tmp_path: Path
) -> None:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    people, tenant = People(state, log, clock), cast.tenant
    willing = Willing(people, Seal(b"key" * 10))
    segments = Segments(state, log, clock, cast.governance, people=people)
    exports = Exports(state, log, clock, {Kind.FOLDER: FolderStorage(tmp_path)}, b"key" * 20)
    segments.consents = willing
    handovers = Handovers(
        state, log, clock, cast.governance, people, Address(), exports, consents=willing, comparing=compare_halves
    )
    names = ("yes", "no", "silent", "other", "dead")
    await people.bulk_people(tenant, [Known(one, {"email": f"{one}@example.com"}, clock.now()) for one in names])
    await write(log, [happened(tenant, one, "Gift Sent", clock.now()) for one in names])
    async with state.begin(tenant) as tx:
        for name, allowed, topic in (("yes", True, ""), ("no", False, ""), ("other", True, "news"), ("dead", True, "")):
            await store.set_consent(
                tx, tenant.workspace, person(tenant, name), allowed, "form", clock.now(), topic=topic
            )  # fmt: skip
        await store.suppress(tx, tenant.workspace, "dead@example.com", "bounced", clock.now())
    made = await segments.create(cast.joon, "Gave", {"kind": "did", "event": "Gift Sent"})
    await segments.compute(cast.joon, made.id)
    open_ = await segments.hand_over(cast.joon, made.id, "marketing", "opted out", control_share=0.0)
    assert (open_.size, open_.refused) == (3, 2)  # who said nothing goes along

    async with state.begin(tenant) as tx:
        await set_policy(tx, tenant.workspace, Policy(consent="opt_in"), "mina", clock.now())
    export, content = await handovers.exporting.export(cast.mina, open_.id, Wanted("csv"))
    rows = {row["person"] for row in csv.DictReader(io.StringIO(content.decode()))}
    assert rows == {str(person(tenant, name)) for name in ("yes", "other")}
    assert (export.people, export.without_consent) == (2, 1)
    strict = await segments.hand_over(cast.joon, made.id, "marketing", "opted in", control_share=0.0)
    assert (strict.size, strict.refused) == (2, 3)


def test_whoever_may_be_handed_over_may_be_written_to_on_some_channel() -> None:
    for policy in (Policy(), Policy(consent="opt_in"), Policy(consent="opt_in", choices={"sms": "opt_out"})):
        open_ = [
            one for one in ("email", "web_push", "push", "sms", "in_app") if consents(policy, "marketing", one, {})
        ]
        assert hears(policy, {}) is bool(open_)
    assert hears(Policy(consent="opt_in"), {("marketing", "email"): True})
    assert not hears(Policy(), {("", "email"): True, ("", "sms"): False})
