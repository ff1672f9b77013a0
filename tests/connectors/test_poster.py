"""Campaigns' posts in the channels of the house."""

from __future__ import annotations

import pytest

from dure.campaigns.plugs import Accepted, Refused
from dure.connectors.poster import ChannelPoster
from dure.state import State
from tests.channels.room import open_room

pytestmark = pytest.mark.anyio


async def test_a_post_is_said_once_however_often_it_is_handed_over(state: State) -> None:
    room = await open_room(state)
    channel = await room.channels.create(room.cast.mina, "care")
    poster = ChannelPoster(room.channels, room.cast.governance)
    first = await poster.post(room.cast.tenant, "#care", "VIP 이탈", "message-1")
    assert isinstance(first, Accepted)
    assert await poster.post(room.cast.tenant, channel.id, "VIP 이탈", "message-1") == first
    messages, _ = await room.channels.history(room.cast.mina, channel.id)
    assert [one.text for one in messages if one.text == "VIP 이탈"] == ["VIP 이탈"]
    nowhere = await poster.post(room.cast.tenant, "#nowhere", "x", "message-2")
    assert isinstance(nowhere, Refused)
    assert nowhere.permanent
