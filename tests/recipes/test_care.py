"""What each recipe of the inbox does; and what it leaves alone."""

from __future__ import annotations

import pytest

from tests.recipes.house import House

pytestmark = pytest.mark.anyio

TALK = {
    "conversation": "C1",
    "network": "email",
    "author_plain": "김하나",
    "text_plain": "결제가 두 번 됐어요",
    "path": "/inbox?c=C1",
}


async def test_conversation_called(house: House) -> None:
    joon = house.cast.users["joon"].id
    called = {**TALK, "named": [joon], "named_mentions": f"<@{joon}>"}
    [told] = await house.on("conversation-called", "Conversation Noted", called, "C1")
    assert told.inputs["users"] == [joon]
    assert all(text in told.text for text in ("김하나", "결제가 두 번 됐어요", "/inbox?c=C1"))
    await house.never("conversation-called", "Conversation Noted", {**TALK, "named": [], "named_mentions": ""}, "C1")


async def test_conversation_urgent(house: House) -> None:
    angry = {**TALK, "intent": "complaint", "sentiment": -1}
    raised, told = await house.on("conversation-urgent", "Conversation Opened", angry, "C1")
    assert (raised.kind, raised.inputs["conversation"], raised.inputs["priority"]) == ("social.priority", "C1", "high")
    assert told.inputs["channel"] == "care"
    assert all(text in told.text for text in ("김하나", "결제가 두 번 됐어요", "/inbox?c=C1"))
    await house.once("conversation-urgent")
    for calm in ({**angry, "sentiment": 1}, {**angry, "intent": "question"}):
        await house.never("conversation-urgent", "Conversation Opened", calm, "C1")
