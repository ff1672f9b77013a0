"""What each recipe of deals does: events in, steps out, once; and what it leaves alone."""

from __future__ import annotations

import pytest

from tests.recipes.house import ROOM, House, kinds

pytestmark = pytest.mark.anyio

MOVED = {"from": "Qualified", "to": "Proposal", "from_ko": "검토", "from_en": "Qualified", "stage_ko": "제안",
         "stage_en": "Proposal", "probability": 50, "probability_before": 25, "entry": 3}  # fmt: skip


async def test_deal_room(house: House) -> None:
    deal = await house.deal(channel="", probability=25, probability_before=10, to="Qualified")
    did = await house.on("deal-room", "Deal Stage Changed", deal)
    assert kinds(did) == [
        "channels.create", "channels.invite", "channels.post", "deals.update", "channels.link_customer"]  # fmt: skip
    assert did[0].inputs["name"] == f"deal-{deal['slug']}"
    assert set(did[1].inputs["users"]) == {house.cast.users["mina"].id, house.cast.users["joon"].id}
    assert did[3].inputs["channel"] == did[0].outputs["channel"]
    await house.once("deal-room")
    other = await house.deal(channel="", probability=25, to="Qualified")
    await house.never("deal-room", "Deal Stage Changed", other, probability_before=25)
    await house.never("deal-room", "Deal Stage Changed", other, probability_before=10, loaded=True)


async def test_pitch_brief(house: House) -> None:
    deal = await house.deal()
    (asked,) = await house.on("pitch-brief", "Deal Changed", deal, changed=["channel"])
    assert (asked.kind, asked.inputs["channel"], asked.inputs["of"]) == ("channels.ask", ROOM, [deal["owner"]])
    assert kinds(await house.later("pitch-brief", days=2)) == ["channels.post"]
    did = await house.answered("pitch-brief", asked, goal="신제품 알리기", budget="1억")
    assert kinds(did) == ["deals.note", "deals.task", "channels.post"]
    assert "신제품 알리기" in did[0].inputs["text"]
    await house.once("pitch-brief")
    await house.never("pitch-brief", "Deal Changed", await house.deal(), changed=["amount"])


async def test_proposal_approval(house: House) -> None:
    deal = await house.deal(**MOVED)
    (asked,) = await house.on("proposal-approval", "Deal Stage Changed", deal)
    assert (asked.kind, asked.inputs["channel"], asked.inputs["function"]) == ("channels.approval", "sales", "sales")
    did = await house.answered("proposal-approval", asked, "no")
    assert kinds(did) == ["deals.update", "deals.task", "channels.post"]
    assert "Revise" in did[0].inputs["next_step"]
    await house.once("proposal-approval")
    (again,) = await house.on("proposal-approval", "Deal Stage Changed", {**deal, "entry": 5})
    assert kinds(await house.answered("proposal-approval", again, "yes")) == ["deals.update", "channels.post"]
    (silent,) = await house.on("proposal-approval", "Deal Stage Changed", {**deal, "entry": 7})
    assert "[2d]" not in str(silent.inputs)
    assert kinds(await house.later("proposal-approval", days=2)) == ["channels.post"]
    await house.never("proposal-approval", "Deal Stage Changed", await house.deal(**MOVED, amount=1))


async def test_io_checklist(house: House) -> None:
    deal = await house.deal()
    (asked,) = await house.on("io-checklist", "Deal Won", deal)
    did = await house.answered("io-checklist", asked, budget="1억", dates="12월", placements="홈", rates="CPM 4,000",
                               signed="yes")  # fmt: skip
    assert kinds(did) == ["deals.note", "channels.post"]
    assert did[1].inputs["channel"] == "ad-ops"
    assert "CPM 4,000" in did[1].text
    await house.once("io-checklist")
    (other,) = await house.on("io-checklist", "Deal Won", await house.deal())
    assert kinds(await house.answered("io-checklist", other, signed="no")) == [
        "deals.note", "deals.task", "channels.post"]  # fmt: skip
    await house.never("io-checklist", "Deal Won", await house.deal(channel=""))


async def test_contract_chase(house: House) -> None:
    deal = await house.deal(**{**MOVED, "to": "Negotiation"})
    assert await house.on("contract-chase", "Deal Stage Changed", deal) == []
    did = await house.later("contract-chase", days=5)
    assert kinds(did) == ["deals.task", "channels.post"]
    assert did[0].inputs["owner"] == deal["owner"]
    await house.once("contract-chase")
    moves = await house.deal(**{**MOVED, "to": "Negotiation"})
    await house.on("contract-chase", "Deal Stage Changed", moves)
    await house.happen("contract-chase", "Deal Stage Changed", moves["deal"], **{**moves, "to": "Closed Won"})
    assert await house.later("contract-chase", days=6) == []


async def test_won_handover(house: House) -> None:
    deal = await house.deal()
    did = await house.on("won-handover", "Deal Won", deal)
    assert kinds(did) == ["deals.task", "channels.invite", "channels.post", "channels.post"]
    assert (did[1].inputs["function"], did[3].inputs["channel"]) == ("ad_ops", "sales")
    await house.once("won-handover")
    did = await house.on("won-handover", "Deal Won", await house.deal(channel=""))
    assert kinds(did) == ["deals.task", "channels.post"]
    await house.never("won-handover", "Deal Won", await house.deal(), loaded=True)


async def test_stage_card(house: House) -> None:
    deal = await house.deal(**MOVED)
    (card,) = await house.on("stage-card", "Deal Stage Changed", deal)
    assert card.inputs["channel"] == ROOM
    assert "검토 → 제안 · Qualified → Proposal" in card.text
    assert "25% → 50%" in card.text
    await house.once("stage-card")
    await house.never("stage-card", "Deal Stage Changed", deal, channel="", entry=4)
    await house.never("stage-card", "Deal Stage Changed", await house.deal(**MOVED), **{"from": ""})


async def test_terms_card(house: House) -> None:
    deal = await house.deal()
    for field in ("amount", "close_date"):
        (card,) = await house.on("terms-card", "Deal Changed", deal, changed=[field, "next_step"])
        assert deal["amount_text"] in card.text
    assert await house.on("terms-card", "Deal Changed", deal, changed=["next_step"]) == []
    await house.once("terms-card")
    await house.never("terms-card", "Deal Changed", deal, changed=["amount"], channel="")


async def test_team_follows(house: House) -> None:
    deal = await house.deal()
    did = await house.on("team-follows", "Deal Team Changed", deal, joined=["U0NEW"], left=["U0OLD"])
    assert [(one.kind, one.inputs["users"]) for one in did] == [
        ("channels.invite", ["U0NEW"]), ("channels.kick", ["U0OLD"])]  # fmt: skip
    await house.once("team-follows")
    did = await house.on("team-follows", "Deal Team Changed", deal, joined=["U0NEW"], left=[])
    assert kinds(did) == ["channels.invite"]
    await house.never("team-follows", "Deal Team Changed", deal, joined=["U0NEW"], left=[], channel="")


async def test_stale_deal(house: House) -> None:
    deal = await house.deal(days_quiet=14, threshold=14)
    (task,) = await house.on("stale-deal", "Deal Stale", deal)
    assert (task.kind, task.inputs["about"]) == ("deals.task", deal["deal"])
    assert "Quiet for 14 days" in task.inputs["subject"]
    (told,) = await house.later("stale-deal", days=3)
    assert (told.kind, told.inputs["channel"]) == ("channels.post", "sales")
    await house.once("stale-deal")
    (task,) = await house.on("stale-deal", "Deal Stale", await house.deal(days_quiet=14, threshold=14))
    await house.happen("stale-deal", "Task Done", task=task.outputs["task"])
    assert await house.later("stale-deal", days=4) == []
    await house.never("stale-deal", "Deal Stale", await house.deal(days_quiet=21, threshold=21))
    await house.switched_on("stale-deal", {"least": 500_000_000})
    await house.never("stale-deal", "Deal Stale", await house.deal(days_quiet=14, threshold=14))


async def test_single_contact(house: House) -> None:
    deal = await house.deal(contacts=1, probability=50, stage="Proposal")
    did = await house.on("single-contact", "Deal Single Threaded", deal)
    assert kinds(did) == ["deals.task", "channels.post"]
    await house.once("single-contact")
    await house.never("single-contact", "Deal Single Threaded", deal, probability=25)


async def test_relationship_cools(house: House) -> None:
    sumi = house.cast.users["mina"].id
    fell = {"account": "001A", "name": "한빛커피", "owner": sumi, "score": 34, "band": "poor", "band_before": "fair",
            "fell": True, "momentum": 1.2, "reasons": ["momentum", "threads"], "path": "/customers/001A"}  # fmt: skip
    [told] = await house.on("relationship-cools", "Relationship Changed", fell, "001A")
    assert (told.kind, told.inputs["users"]) == ("channels.dm", [sumi])
    assert all(text in told.text for text in ("한빛커피", "fair → poor", "momentum", "threads", "/customers/001A"))
    await house.once("relationship-cools")
    [posted] = await house.on("relationship-cools", "Relationship Changed", {**fell, "owner": ""}, "001B")
    assert (posted.kind, posted.inputs["channel"]) == ("channels.post", "sales")
    await house.never("relationship-cools", "Relationship Changed", {**fell, "fell": False}, "001C")


async def test_overdue_deal(house: House) -> None:
    deal = await house.deal()
    assert kinds(await house.on("overdue-deal", "Deal Overdue", deal)) == ["deals.task"]
    assert kinds(await house.later("overdue-deal", days=2)) == ["channels.post"]
    await house.once("overdue-deal")
    other = await house.deal()
    await house.on("overdue-deal", "Deal Overdue", other)
    await house.happen("overdue-deal", "Deal Changed", other["deal"], **other, changed=["close_date"])
    assert await house.later("overdue-deal", days=3) == []


async def test_lost_reason(house: House) -> None:
    deal = await house.deal(reason="", entry=6)
    (asked,) = await house.on("lost-reason", "Deal Lost", deal)
    did = await house.answered("lost-reason", asked, reason="price", more="더 일찍 물어볼 것")
    assert kinds(did) == ["deals.update", "deals.note"]
    assert did[0].inputs["lost_reason"] == "price"
    await house.once("lost-reason")
    (asked,) = await house.on("lost-reason", "Deal Lost", await house.deal(reason="", channel=""))
    assert asked.inputs["channel"] == "sales"
    assert kinds(await house.later("lost-reason", days=2)) == ["deals.task"]
    await house.never("lost-reason", "Deal Lost", await house.deal(reason="price"))


async def test_lost_revive(house: House) -> None:
    deal = await house.deal()
    assert await house.on("lost-revive", "Deal Lost", deal) == []
    assert kinds(await house.later("lost-revive", days=90)) == ["deals.task"]
    await house.once("lost-revive")
    opened = await house.deal()
    await house.on("lost-revive", "Deal Lost", opened)
    await house.happen("lost-revive", "Deal Stage Changed", opened["deal"], **{**opened, **MOVED})
    assert await house.later("lost-revive", days=91) == []


async def test_lead_clock(house: House) -> None:
    lead = {"lead": "00Q0LEAD", "name": "이하늘", "company": "달토끼출판", "owner": house.cast.users["joon"].id}
    (task,) = await house.on("lead-clock", "Lead Created", lead, "00Q0LEAD")
    assert (task.inputs["about"], task.inputs["due_in"]) == ("00Q0LEAD", "1d")
    (told,) = await house.later("lead-clock", hours=4)
    assert "달토끼출판" in told.text
    await house.once("lead-clock")
    (task,) = await house.on("lead-clock", "Lead Created", {**lead, "lead": "00Q0OTHER"})
    await house.happen("lead-clock", "Task Done", task=task.outputs["task"])
    assert await house.later("lead-clock", hours=5) == []
