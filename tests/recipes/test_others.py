"""What each recipe of segments, campaigns, channels, social, metrics and automation does; and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.recipes.house import House, kinds

pytestmark = pytest.mark.anyio

MENTION = {"copy": False, "intent": "complaint", "reach": 900, "text": "새벽커피 광고가 좋네요",
           "text_plain": "새벽커피 광고가 좋네요", "author": "하늘", "network": "threads"}  # fmt: skip


SEGMENT = "0190a0a0-0000-7000-8000-000000000000"


async def test_segment_handover_card(house: House) -> None:
    handed = {"handover": "H1", "channel": "그로스-마케팅", "size": 420, "control": 210, "name": "이탈 직전"}
    (card,) = await house.on("segment-handover-card", "Segment Handed Over", handed)
    assert (card.inputs["channel"], "420명" in card.text) == ("그로스-마케팅", True)
    await house.once("segment-handover-card")


async def test_segment_handover_outcome(house: House) -> None:
    ended = {"handover": "H1", "channel": "#product", "name": "이탈 직전", "goal": "Listen Started", "treated": 210,
             "treated_reached": 61, "control": 210, "control_reached": 40, "said": "효과가 있었습니다.",
             "said_en": "The message works."}  # fmt: skip
    (card,) = await house.on("segment-handover-outcome", "Handover Ended", ended)
    assert card.inputs["channel"] == "#product"
    assert all(text in card.text for text in ("61 / 210명", "40 / 210명", "효과가 있었습니다.", "The message works."))
    await house.once("segment-handover-outcome")


async def test_churn_to_marketing(house: House) -> None:
    house.canned["segments.compute"] = {"size": 420}
    await house.switched_on("churn-to-marketing")
    did = await house.later("churn-to-marketing", days=6, hours=22)
    assert kinds(did) == ["segments.compute", "segments.hand_over"]
    assert (did[1].inputs["segment"], did[1].inputs["to"]) == ("about-to-churn", "marketing")
    house.canned["segments.compute"] = {"size": 0}
    assert kinds(await house.later("churn-to-marketing", days=7)) == ["segments.compute"]
    weeks = [kinds(await house.later("churn-to-marketing", days=1)) for _ in range(7)]
    assert sum(map(bool, weeks)) == 1


async def test_trial_signal(house: House) -> None:
    entered = {"segment": SEGMENT, "name": "체험 단골", "first": False}
    settings = {"segment": SEGMENT}
    (told,) = await house.on("trial-signal", "Segment Entered", entered, "", settings, person="한결")
    assert (told.kind, told.inputs["channel"]) == ("channels.post", "sales")
    house.known["person"] = {"name": "윤하늘", "company": "새벽커피"}
    house.canned["deals.mentioned"] = {"count": 1, "deal": "006OPEN", "owner": "U1", "name": "봄 캠페인"}
    did = await house.on("trial-signal", "Segment Entered", entered, person="하늘")
    assert kinds(did) == ["channels.post", "deals.mentioned", "deals.task"]
    assert (did[1].inputs["text"], did[2].inputs["about"]) == ("새벽커피", "006OPEN")
    assert "윤하늘" in did[2].inputs["subject"]
    await house.once("trial-signal")
    await house.never("trial-signal", "Segment Entered", {**entered, "first": True}, person="새벽")
    await house.never("trial-signal", "Segment Entered", {**entered, "segment": SEGMENT[:-1] + "1"}, person="새벽")


async def test_feature_launch(house: House) -> None:
    typed = {"command": "/launch", "text": "가사 보기", "channel": "C0PRODUCT", "user": house.cast.users["mina"].id}
    (asked,) = await house.on("feature-launch", "Command Used", typed, "", {"segment": "S1"})
    assert (asked.inputs["channel"], "가사 보기" in str(asked.inputs["question"])) == ("marketing", True)
    did = await house.answered("feature-launch", asked, "yes")
    assert kinds(did) == ["segments.compute", "segments.hand_over", "channels.post"]
    assert (did[1].inputs["segment"], did[2].inputs["channel"]) == ("S1", "C0PRODUCT")
    await house.once("feature-launch")
    (asked,) = await house.on("feature-launch", "Command Used", typed)
    assert kinds(await house.answered("feature-launch", asked, "no")) == ["channels.post"]
    await house.never("feature-launch", "Command Used", {**typed, "command": "/lunch"})


async def test_experiment_decided(house: House) -> None:
    house.canned["campaigns.result"] = {"decided": True, "text_ko": "메시지가 효과가 있었습니다."}
    campaign = {"campaign": "CA1", "name": "돌아오세요"}
    assert await house.on("experiment-decided", "Campaign Launched", campaign) == []
    did = await house.later("experiment-decided", days=14)
    assert kinds(did) == ["campaigns.result", "channels.post"]
    assert "효과가 있었습니다" in did[1].text
    await house.once("experiment-decided")
    house.canned["campaigns.result"] = {"decided": False, "text_ko": "아직 확실하지 않습니다."}
    await house.on("experiment-decided", "Campaign Launched", {**campaign, "campaign": "CA2"})
    assert kinds(await house.later("experiment-decided", days=14)) == ["campaigns.result"]
    did = await house.later("experiment-decided", days=14)
    assert kinds(did) == ["campaigns.result", "channels.post"]
    assert "So far" in did[1].text


async def test_campaign_stopped_by_itself(house: House) -> None:
    campaign = {"campaign": "CA1", "name": "주말 방송", "reason": "failed"}
    told = {**campaign, "by_itself": True, "text_ko": "실패가 많습니다", "text_en": "Too many failures"}
    (did,) = await house.on("campaign-stopped-by-itself", "Campaign Paused", told)
    assert (did.kind, did.inputs["channel"]) == ("channels.post", "marketing")
    assert "실패가 많습니다" in did.text
    await house.once("campaign-stopped-by-itself")
    await house.never("campaign-stopped-by-itself", "Campaign Paused", {**told, "by_itself": False})


async def test_people_handed_over(house: House) -> None:
    handed = {"campaign": "CA1", "name": "돌아오세요", "to": "channel", "channel": "care", "who": "김하늘",
              "text": "두 번 답이 없었습니다"}  # fmt: skip
    (told,) = await house.on("people-handed-over", "Campaign Handed Over", handed)
    assert (told.kind, told.inputs["channel"]) == ("channels.post", "care")
    assert "김하늘" in told.text
    assert "두 번 답이 없었습니다" in told.text
    assert await house.on("people-handed-over", "Campaign Handed Over", {**handed, "to": "deal"}) == []


async def test_deal_handed_over(house: House) -> None:
    handed = {"campaign": "CA1", "name": "돌아오세요", "to": "deal", "channel": "", "who": "김하늘",
              "text": "요금제를 물었습니다"}  # fmt: skip
    house.known.pop("person", None)
    house.canned["governance.members"] = {"first": "U0SALES", "users": ["U0SALES"]}
    did = await house.on("deal-handed-over", "Campaign Handed Over", handed, person="한결")
    assert kinds(did) == ["governance.members", "deals.create", "channels.post"]
    assert (did[0].inputs["function"], did[1].inputs["owner"], did[1].inputs["close_in"]) == ("sales", "U0SALES", "30d")
    assert (did[1].inputs["next_step"], did[2].inputs["channel"]) == ("요금제를 물었습니다", "sales")
    assert "김하늘" in did[1].inputs["name"]
    await house.once("deal-handed-over")
    house.known["person"] = {"name": "윤하늘", "company": "새벽커피"}
    house.canned["deals.mentioned"] = {"count": 1, "deal": "006OPEN", "owner": "U1", "name": "봄 캠페인"}
    did = await house.on("deal-handed-over", "Campaign Handed Over", handed, person="하늘")
    assert kinds(did) == ["deals.mentioned", "deals.note", "deals.task", "channels.post"]
    assert (did[0].inputs["text"], did[1].inputs["about"], did[2].inputs["owner"]) == ("새벽커피", "006OPEN", "U1")
    house.canned["deals.mentioned"] = {"count": 0, "deal": ""}
    did = await house.on("deal-handed-over", "Campaign Handed Over", handed, person="새벽")
    assert kinds(did) == ["deals.mentioned", "governance.members", "deals.create", "channels.post"]
    assert "새벽커피" in did[2].inputs["name"]
    await house.never("deal-handed-over", "Campaign Handed Over", {**handed, "to": "channel"}, person="한결")


async def test_experiment_verdict(house: House) -> None:
    changed = {"experiment": "X1", "name": "새 첫 화면", "path": "/experiments/X1", "verdict": "better",
               "before": "leaning", "text_ko": "‘새 화면’ 쪽이 낫습니다.", "text_en": "“new” is better."}  # fmt: skip
    (told,) = await house.on("experiment-verdict", "Experiment Verdict Changed", changed)
    assert (told.kind, told.inputs["channel"]) == ("channels.post", "product")
    assert all(text in told.text for text in ("쪽이 낫습니다", "is better", "/experiments/X1"))
    await house.once("experiment-verdict")
    (told,) = await house.on("experiment-verdict", "Experiment Verdict Changed", {**changed, "before": ""})
    assert "better" in told.text
    nothing = {**changed, "before": "", "verdict": "nothing"}
    assert await house.on("experiment-verdict", "Experiment Verdict Changed", nothing) == []


async def test_customer_waiting(house: House) -> None:
    wait: dict[str, Any] = {"asked_ts": "1.1", "asked_by": "U0CUSTOMER", "minutes": 30}
    (told,) = await house.on("customer-waiting", "Response Warned", wait, "C0SHARED")
    assert (told.inputs["channel"], "<#C0SHARED>" in told.text) == ("care", True)
    (again,) = await house.later("customer-waiting", minutes=30)
    assert "Still no answer" in again.text
    await house.once("customer-waiting")
    (told,) = await house.on("customer-waiting", "Response Warned", {**wait, "asked_ts": "2.2"}, "C0SHARED")
    assert await house.happen("customer-waiting", "Response Answered", "C0SHARED", asked_ts="9.9") == []
    (calm,) = await house.happen("customer-waiting", "Response Answered", "C0SHARED", asked_ts="2.2", answered_by="U1")
    assert (calm.kind, calm.inputs["ts"]) == ("channels.update", told.outputs["ts"])
    assert await house.later("customer-waiting", hours=1) == []


async def test_customer_escalation(house: House) -> None:
    wait: dict[str, Any] = {"asked_ts": "1.1", "asked_by": "U0CUSTOMER", "minutes": 30, "response_kind": "first",
                            "seen_by": "U0JOON"}  # fmt: skip
    await house.switched_on("customer-escalation", {"lead": "U0LEAD"})
    house.canned["channels.escalate"] = {"waiting": True, "added": ["U0LEAD"]}
    did = await house.on("customer-escalation", "Response Overdue", wait, "C0SHARED")
    assert kinds(did) == ["channels.escalate", "channels.dm"]
    assert did[0].inputs == {"channel": "C0SHARED", "asked_ts": "1.1", "to": ["U0LEAD"]}
    assert (did[1].inputs["users"], "<@U0CUSTOMER>" in did[1].text) == (["U0LEAD"], True)
    assert "👀 <@U0JOON>" in did[1].text
    await house.once("customer-escalation")
    house.canned["channels.escalate"] = {"waiting": False, "added": []}
    did = await house.on("customer-escalation", "Response Overdue", {**wait, "asked_ts": "2.2"}, "C0SHARED")
    assert kinds(did) == ["channels.escalate"]
    inbox = {"kind": "first", "conversation": "of the inbox", "response_kind": ""}
    await house.never("customer-escalation", "Response Overdue", inbox)


async def test_spike_alert(house: House) -> None:
    spike = {"topic_ko": "결제", "topic_en": "Payment", "seen": 41, "expected_ko": "4명", "expected_en": "4 people"}
    did = await house.on("spike-alert", "Mentions Spiked", spike)
    assert [one.inputs["channel"] for one in did] == ["product", "care"]
    assert "결제 언급 급증" in did[0].text
    await house.once("spike-alert")
    await house.switched_on("spike-alert", {"care": "고객센터"})
    did = await house.on("spike-alert", "Mentions Spiked", spike)
    assert [one.inputs["channel"] for one in did] == ["product", "고객센터"]


async def test_mention_to_care(house: House) -> None:
    did = await house.on("mention-to-care", "Mention Arrived", MENTION, "M1")
    assert [(one.kind, one.inputs["channel"]) for one in did] == [("social.route", "care"), ("channels.post", "care")]
    await house.once("mention-to-care")
    for other in ({"intent": "praise"}, {"copy": True}, {"loaded": True}):
        await house.never("mention-to-care", "Mention Arrived", {**MENTION, **other}, "M2")


async def test_mention_open_deal(house: House) -> None:
    largest = {"count": 2, "deal": "006A", "channel": "C0DEAL", "account_name": "새벽커피", "owner": "U1"}
    house.canned["deals.mentioned"] = largest
    did = await house.on("mention-open-deal", "Mention Arrived", MENTION, "M3")
    assert kinds(did) == ["deals.mentioned", "channels.post"]
    assert ("새벽커피" in did[0].inputs["text"], did[1].inputs["channel"]) == (True, "C0DEAL")
    await house.once("mention-open-deal")
    house.canned["deals.mentioned"] = {**largest, "channel": ""}
    did = await house.on("mention-open-deal", "Mention Arrived", MENTION, "M4")
    assert did[1].inputs["channel"] == "sales"
    house.canned["deals.mentioned"] = {"count": 0}
    assert kinds(await house.on("mention-open-deal", "Mention Arrived", MENTION, "M5")) == ["deals.mentioned"]
    await house.never("mention-open-deal", "Mention Arrived", {**MENTION, "loaded": True}, "M6")


async def test_board_weekly(house: House) -> None:
    house.canned["metrics.board"] = {"text": "다섯 팀의 한 주", "blocks": [{"type": "divider"}]}
    await house.switched_on("board-weekly", {"last": 14, "channel": "general"})
    did = await house.later("board-weekly", days=7)
    assert (kinds(did), did[0].inputs["bar"]) == (["metrics.board", "channels.post"], {"last": 14})
    assert (did[1].inputs["channel"], did[1].inputs["text"]) == ("general", "다섯 팀의 한 주")
    weeks = [kinds(await house.later("board-weekly", days=1)) for _ in range(14)]
    assert sum(map(bool, weeks)) == 2


@pytest.mark.parametrize(
    ("recipe", "event"), [("metric-crossed", "Metric Crossed"), ("metric-unusual", "Metric Unusual")]
)
async def test_metric_alerts(house: House, recipe: str, event: str) -> None:
    alert = {"alert": "AL1", "interval": "2026-11-23", "channel": "product", "text_ko": "가입이 40% 줄었습니다"}
    (told,) = await house.on(recipe, event, alert)
    assert (told.inputs["channel"], "40%" in told.text) == ("product", True)
    await house.once(recipe)
    await house.never(recipe, event, {**alert, "alert": "AL2", "channel": ""})


async def test_run_failed(house: House) -> None:
    failed = {"name": "시트에 적기", "node": "row", "error": "403", "subject": "D1", "runs": 1}
    (told,) = await house.on("run-failed", "Run Failed", failed, "auto-1")
    assert ("403" in told.text, told.inputs["channel"]) == (True, "product")
    await house.once("run-failed")
    assert len(await house.on("run-failed", "Run Failed", failed, "auto-2")) == 1
    await house.later("run-failed", days=1)
    assert len(await house.on("run-failed", "Run Failed", failed, "auto-1")) == 1


async def test_archive_quiet(house: House) -> None:
    house.canned["channels.dormant"] = {"channels": ["C0QUIET0001", "C0QUIET0002"], "count": 2}
    await house.switched_on("archive-quiet", {"notice": "3d"})
    did = await house.later("archive-quiet", days=7)
    assert kinds(did) == ["channels.dormant", "channels.post", "channels.post"]
    assert {one.inputs["channel"] for one in did[1:]} == {"C0QUIET0001", "C0QUIET0002"}
    house.canned["channels.dormant"] = {"channels": [], "count": 0}
    assert await house.happen("archive-quiet", "Message Posted", "C0QUIET0002", by="bot") == []
    assert await house.happen("archive-quiet", "Message Posted", "C0QUIET0001", by="user") == []
    (closed,) = [one for one in await house.later("archive-quiet", days=3) if one.kind == "channels.archive"]
    assert closed.inputs["channel"] == "C0QUIET0002"
    assert [one.kind for one in await house.later("archive-quiet", days=5) if one.kind != "channels.dormant"] == []
