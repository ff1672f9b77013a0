"""What each recipe of routing and ideas does; and what it leaves alone."""

from __future__ import annotations

import pytest

from tests.recipes.house import House, kinds

pytestmark = pytest.mark.anyio

CARD = {"card": "mention:M1", "text": "앱이 튕겨요", "blocks": []}


async def test_mention_cards(house: House) -> None:
    house.canned["social.cards"] = {"cards": [CARD]}
    routed = {"function": "product", "channel": "product", "mentions": ["M1"], "count": 1, "told": False}
    made, posted = await house.on("mention-cards", "Mentions Routed", routed, "S1")
    assert (made.inputs["mentions"], made.inputs["function"], made.inputs["told"]) == (["M1"], "product", False)
    assert (posted.inputs["channel"], posted.inputs["otherwise"], posted.inputs["cards"][0]["card"]) == (
        "product", "social", "mention:M1",
    )  # fmt: skip
    await house.once("mention-cards")


async def test_mention_card_pressed(house: House) -> None:
    house.canned["social.decide"] = {"cards": [CARD]}
    pressed = {"card": "mention:M1", "block": "mention:M1:product", "action": "mention.move", "value": "care",
               "user": "U1", "channel": "C0PRODUCT", "guest": False}  # fmt: skip
    decided, changed = await house.on("mention-card-pressed", "Card Pressed", pressed, "C0PRODUCT")
    assert {name: decided.inputs[name] for name in ("block", "action", "value", "user")} == {
        "block": "mention:M1:product", "action": "mention.move", "value": "care", "user": "U1",
    }  # fmt: skip
    assert (changed.kind, changed.inputs["channel"], changed.inputs["only_known"]) == (
        "channels.cards", "C0PRODUCT", True,
    )  # fmt: skip
    await house.once("mention-card-pressed")
    for other in ({"action": "somebody.elses"}, {"guest": True}):
        await house.never("mention-card-pressed", "Card Pressed", {**pressed, **other}, "C0PRODUCT")


async def test_mention_cards_outdated(house: House) -> None:
    house.canned["social.cards"] = {"cards": [CARD]}
    outdated = {"function": "product", "channel": "product", "mentions": ["M1"], "count": 1}
    made, changed = await house.on("mention-cards-outdated", "Mention Cards Outdated", outdated, "S1")
    assert (made.inputs["mentions"], made.inputs["function"]) == (["M1"], "product")
    assert (changed.inputs["channel"], changed.inputs["only_known"]) == ("product", True)
    await house.once("mention-cards-outdated")


async def test_social_digest(house: House) -> None:
    house.canned["social.digest"] = {"text_ko": "새 언급 7건", "text_en": "7 new mentions"}
    await house.switched_on("social-digest", {"function": "care", "channel": "고객센터"})
    digest, posted = await house.later("social-digest", days=6, hours=23)
    assert digest.inputs["function"] == "care"
    assert posted.inputs["channel"] == "고객센터"
    assert all(text in posted.text for text in ("새 언급 7건", "7 new mentions"))


async def test_idea_shipped(house: House) -> None:
    house.canned["social.askers"] = {"count": 3, "called": "<@U1>", "accounts": "새벽커피", "said": "> 꼭 필요해요"}
    shipped = {"idea": "I1", "title_plain": "가사 보기", "state": "shipped", "moved": True}
    asked, told = await house.on("idea-shipped", "Idea Changed", shipped, "I1")
    assert (asked.inputs["idea"], told.inputs["channel"]) == ("I1", "product")
    assert all(text in told.text for text in ("가사 보기", "<@U1>", "새벽커피", "꼭 필요해요"))
    await house.once("idea-shipped")
    for other in ({"state": "planned"}, {"moved": False}):
        await house.never("idea-shipped", "Idea Changed", {**shipped, **other}, "I1")
    house.canned["social.askers"] = {"count": 0}
    assert kinds(await house.on("idea-shipped", "Idea Changed", shipped, "I2")) == ["social.askers"]


async def test_idea_command(house: House) -> None:
    house.canned["social.idea"] = {"title": "가사 보기", "path": "/ideas?idea=I1"}
    typed = {"command": "/idea", "text": "가사 보기", "channel": "C0SALES", "user": "U1"}
    took, told = await house.on("idea-command", "Command Used", typed)
    assert (took.inputs["title"], took.inputs["source"], told.inputs["channel"]) == ("가사 보기", "sales", "C0SALES")
    assert "/ideas?idea=I1|가사 보기" in told.text
    await house.once("idea-command")
    await house.never("idea-command", "Command Used", {**typed, "command": "/ideal"})


async def test_launch_post(house: House) -> None:
    house.canned["social.draft_post"] = {
        "post": "P1",
        "title": "가사 보기",
        "state": "in_review",
        "path": "/publishing/P1",
    }
    shipped = {"idea": "I1", "title": "가사 보기", "title_plain": "가사 보기", "state": "shipped", "moved": True}
    drafted, told = await house.on("launch-post", "Idea Changed", shipped, "I1")
    assert (drafted.inputs["title"], drafted.inputs["submit"], drafted.inputs["campaign"]) == (
        "가사 보기", "yes", "launch",
    )  # fmt: skip
    assert drafted.inputs["text"] == "가사 보기 — 오늘부터 쓸 수 있어요!"
    assert "/publishing/P1" in told.text
    await house.once("launch-post")
    await house.never("launch-post", "Idea Changed", {**shipped, "state": "planned"}, "I1")


async def test_pause_posts_in_a_crisis(house: House) -> None:
    spiked = {"feeling": "negative", "topic_ko": "결제", "topic_en": "Payment"}
    paused, told = await house.on("pause-posts-in-a-crisis", "Mentions Spiked", spiked, "S1")
    assert (paused.kind, "결제" in paused.inputs["why"]) == ("social.pause_posts", True)
    assert (told.inputs["channel"], "Payment" in told.text) == ("social", True)
    await house.once("pause-posts-in-a-crisis")
    await house.never("pause-posts-in-a-crisis", "Mentions Spiked", {**spiked, "feeling": "any"}, "S1")


async def test_post_refused(house: House) -> None:
    refused = {"outcome": "refused", "network": "mastodon", "code": "refused_key", "post": "P1", "campaign": ""}
    (told,) = await house.on("post-refused", "Post Published", refused, "K1")
    assert all(text in told.text for text in ("mastodon", "refused_key", "/publishing/P1"))
    await house.once("post-refused")
    await house.never("post-refused", "Post Published", {**refused, "outcome": "said"}, "K1")


async def test_advocacy_offer(house: House) -> None:
    house.canned["social.offer"] = {"title": "새 방송", "path": "/advocacy?tab=stories&story=S1", "fresh": True}
    ended = {"post": "P1", "title": "새 방송", "text": "열렸습니다 https://sorimaru.example/new", "state": "published",
             "language": "ko", "campaign": "launch", "urls": ["https://x.example/1"]}  # fmt: skip
    offered, told = await house.on("advocacy-offer", "Post Ended", ended, "P1")
    assert {name: offered.inputs[name] for name in ("post", "title", "urls", "campaign")} == {
        "post": "P1", "title": "새 방송", "urls": ["https://x.example/1"], "campaign": "launch",
    }  # fmt: skip
    assert (told.inputs["channel"], "story=S1|새 방송" in told.text) == ("social", True)
    await house.once("advocacy-offer")
    await house.never("advocacy-offer", "Post Ended", {**ended, "state": "failed"}, "P1")
    house.canned["social.offer"] = {"fresh": False}
    assert kinds(await house.on("advocacy-offer", "Post Ended", ended, "P2")) == ["social.offer"]


async def test_advocacy_week(house: House) -> None:
    await house.switched_on("advocacy-week", {})
    (reminded,) = await house.later("advocacy-week", days=6, hours=23)
    assert reminded.kind == "social.remind"


async def test_advocacy_reminder(house: House) -> None:
    due = {"user": "U1", "count": 2, "lines": "• 새 방송", "path": "/advocacy", "stories": []}
    (told,) = await house.on("advocacy-reminder", "Advocacy Reminder Due", due, "U1")
    assert (told.kind, told.inputs["users"]) == ("channels.dm", ["U1"])
    assert all(text in told.text for text in ("공유할 이야기 2개", "• 새 방송", "/advocacy|"))
    await house.once("advocacy-reminder")
