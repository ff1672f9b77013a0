"""A whisper reaches whoever listens just now, in every process, and is kept nowhere."""

from __future__ import annotations

import json

import pytest

from dure.feed.api import whisper
from dure.kernel.errors import TooLarge
from dure.state import State
from dure.web.live import Hub
from tests.channels.room import overhearing

pytestmark = pytest.mark.anyio


async def test_what_is_whispered_is_heard_when_it_is_committed(state: State) -> None:
    async with overhearing(state) as first, overhearing(state) as second:
        async with state.begin_system() as tx:
            await whisper(tx, "T0SORI", ["channel:C1", "user:U1"], {"typing": "U2", "text": "안녕 <b>"})
        async with state.begin_system() as tx:
            await whisper(tx, "T0SORI", ["channel:C1"], {"typing": "never"})
            await tx.connection.rollback()
        async with state.begin_system() as tx:
            await whisper(tx, "T0RIVAL", ["channel:C1"], {"typing": "U3"})
        for one in (first, second):
            assert await one.next("typing") == (
                "T0SORI",
                ["channel:C1", "user:U1"],
                {"typing": "U2", "text": "안녕 <b>"},
            )
            assert await one.next("typing") == ("T0RIVAL", ["channel:C1"], {"typing": "U3"})


async def test_what_is_too_long_is_refused(state: State) -> None:
    async with state.begin_system() as tx:
        with pytest.raises(TooLarge):
            await whisper(tx, "T0SORI", ["channel:C1"], {"text": "가" * 3_000})


def test_only_tabs_of_the_workspace_that_listen_hear_it() -> None:
    hub = Hub()
    hears, other = (hub_tab(hub, workspace, "channel:C1") for workspace in ("T0SORI", "T0RIVAL"))
    hub.whisper("T0SORI", ["channel:C1"], {"typing": "U2"})
    assert [json.loads(text) for text in hears.waiting] == [{"topic": "channel:C1", "whisper": {"typing": "U2"}}]
    assert not other.waiting


def hub_tab(hub: Hub, workspace: str, topic: str):  # type: ignore[no-untyped-def]
    """An open page that listens, as a socket that has subscribed is in the hub."""
    from dure.web.live import _Tab

    async def may(topic: str) -> bool:
        return True

    tab = _Tab(workspace, "U1", may)
    hub._listen(tab, {topic})
    return tab
