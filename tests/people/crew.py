"""A whole house with every loop at work, and one person planted in it through every door."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from dure.demo.mailbox import Mailbox, mailbox
from dure.governance.api import Principal
from dure.kernel.clock import ShiftedClock
from dure.kernel.ids import person_id
from dure.log.api import Log
from dure.main import House, compose
from dure.people.ledger import Ledger
from dure.settings import Settings
from dure.state import State
from dure.work import working

USER, DEVICE = "zq-user-4711", "zq-device-4711"
EMAIL, OLD_EMAIL = "Zq.Marker@person.example", "zq.former@person.example"
NAME, HANDLE, PHONE = "Zqmarker Kim", "zqhandle77", "821099887766"
MARKERS = ("zq-user-4711", "zq-device-4711", "zq.marker@", "zq.former@", "zqmarker", "zqhandle77", "821099887766")

DESIGN = {
    "name": {"ko": "인사", "en": "Hello"}, "trigger": {"event": "Ticket Opened"}, "wait": "1h", "goal": "Listened",
    "window": "1d", "holdout": 0,
    "texts": {"ko": {"subject": "{{ person.name }}님", "body": "안녕하세요 {{ person.email }}"},
              "en": {"subject": "Dear {{ person.name }}", "body": "Hello {{ person.email }}"}},
}  # fmt: skip
BANNER = {
    "name": {"ko": "배너"}, "kind": "triggered", "entry": {"trigger": {"event": "Ticket Opened"}}, "start": "banner",
    "nodes": [{"kind": "message", "id": "banner", "channel": "in_app",
               "texts": {"ko": {"title": "{{ person.name }}: {{ event.about }}"}}}],
    "holdout": 0, "topic": "transactional",
}  # fmt: skip
CARD = {
    "name": "Card", "enabled": True,
    "definition": {
        "trigger": {"event": "Ticket Opened", "subject": "person"},
        "nodes": [{"id": "say", "kind": "channels.post",
                   "with": {"channel": "care", "text": "{{ person.name }} wrote in"}}],
    },
}  # fmt: skip


@dataclass
class Crew:
    house: House
    http: httpx.AsyncClient
    box: Mailbox
    owner: Principal
    key: str
    ledger: Path

    async def post(self, path: str, body: Any = None) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def get(self, path: str) -> Any:
        answer = await self.http.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    async def send(self, call: str, **body: Any) -> httpx.Response:
        return await self.http.post(f"/v1/{call}", json=body, auth=(self.key, ""))

    async def until(self, holds: Callable[[], Coroutine[Any, Any, Any]], what: str) -> Any:
        """Looks again until something is there; the loops decide when that is."""
        async with asyncio.timeout(180):
            while not (found := await holds()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert found, what
        return found

    async def erased(self, who: str = USER, **ask: Any) -> dict[str, Any]:
        """Asks for an erasure and waits for its end."""
        asked = await self.post(f"/api/v1/people/{who}/erasure", ask)

        async def over() -> dict[str, Any] | None:
            shown: dict[str, Any] = await self.get(f"/api/v1/erasures/{asked['id']}")
            return shown if shown["over"] else None

        found: dict[str, Any] = await self.until(over, "the erasure never ended")
        return found


@asynccontextmanager
async def open_crew(state: State, log: Log, ledger: Path) -> AsyncIterator[Crew]:
    async with mailbox() as box:
        settings = dataclasses.replace(Settings(), smtp_url=box.url, mail_from="hello@sori.example")
        house = compose(settings, ShiftedClock(), state, log, b"k" * 32, Ledger.open(ledger))
        house.app.state.local_secret = "here"
        transport = httpx.ASGITransport(app=house.app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://dure", timeout=60) as http,
            working({name: loop for name, loop in house.loops.items() if name != "feed-drop"}),
        ):
            http.headers["authorization"] = "Bearer here"
            made = (await http.post("/api/v1/found", json={
                "org": "Sori", "workspace": "sori", "email": "mina@sori.example", "name": "Mina",
            })).json()  # fmt: skip
            http.headers["authorization"] = f"Bearer {made['user_token']}"
            owner = await house.governance.principal(made["user_token"])
            yield Crew(house, http, box, owner, made["write_key"], ledger)


async def plant(crew: Crew) -> None:
    """One person through every door, and a neighbour who stays."""
    await crew.post("/slack/api/conversations.create", {"name": "care"})
    for design in (DESIGN, BANNER):
        campaign = await crew.post("/api/v1/campaigns", design)
        await crew.post(f"/api/v1/campaigns/{campaign['id']}/launch")
    await crew.post("/api/v1/automations", CARD)
    await crew.send("identify", userId=USER, anonymousId=DEVICE, traits={"email": OLD_EMAIL, "name": NAME})
    await crew.send(
        "identify", userId=USER, anonymousId=DEVICE,
        traits={"email": EMAIL, "name": NAME, "handle": f"@{HANDLE}", "phone": int(PHONE), "plan": "pro"},
    )  # fmt: skip
    await crew.send("identify", userId="neighbour-1", traits={"email": "jin@person.example", "name": "Jin"})
    for number in range(3):
        await crew.send("track", anonymousId=DEVICE, event="Listened", properties={"n": number})
        await crew.send("track", userId="neighbour-1", event="Listened", properties={"n": number})
    await crew.send("track", userId="neighbour-1", event="Invited", properties={"to": EMAIL.upper(), "ok": True,
                                                                                "phone": int(PHONE)})  # fmt: skip
    await crew.send("track", userId=USER, event="Bad\0", timestamp="1970-01-01", properties={"email": EMAIL})
    await crew.until(lambda: _known(crew), "the two people were not learned")
    person = person_id(crew.owner.tenant.workspace, USER)
    phone = {"kind": "apns", "token": "ab" * 32, "label": f"{NAME}'s phone"}
    await crew.post(f"/api/v1/people/{person}/devices", phone)
    await crew.send("track", userId=USER, event="Ticket Opened", properties={"about": f"sound of {NAME}"})
    await crew.send("track", userId="neighbour-1", event="Ticket Opened", properties={"about": "sound"})
    await crew.post("/api/v1/mentions", [
        {"network": "x", "id": "p1", "text": "The app stops all the time", "author": NAME, "handle": f"@{HANDLE}"},
        {"network": "x", "id": "p2", "text": f"@{HANDLE} says it stops, write to {EMAIL}", "author": "Other",
         "handle": "@other"},
    ])  # fmt: skip
    tried = await crew.http.post("/api/v1/session", json={"email": EMAIL, "password": "guessed"})
    assert tried.status_code in (401, 403), tried.text
    account = await crew.post("/api/v1/accounts", {"name": "Person Ltd"})
    await crew.post(f"/api/v1/accounts/{account['id']}/contacts", {"name": NAME, "email": EMAIL, "title": "CTO"})
    await crew.post("/slack/api/chat.postMessage", {"channel": "care", "text": f"call {NAME}, {EMAIL}"})
    await crew.until(lambda: _cards(crew), "no card was posted")
    segment = await crew.post(
        "/api/v1/segments",
        {"name": "Listeners", "rule": {"kind": "did", "event": "Listened", "where": []}},
    )  # fmt: skip
    await crew.until(lambda: _bannered(crew), "no banner")
    await crew.until(lambda: _mailed(crew), "no letter went out")
    await crew.house.settle_log()
    await crew.until(lambda: _in_segment(crew, segment["id"]), "the segment stayed empty")
    await crew.house.settle_log()


async def _known(crew: Crew) -> bool:
    found = await crew.http.get(f"/api/v1/people/{USER}")
    neighbour = await crew.http.get("/api/v1/people/neighbour-1")
    # Both names are on cards, and a card without its name is not posted.
    return found.is_success and EMAIL in found.text and DEVICE in found.text and "Jin" in neighbour.text


async def _bannered(crew: Crew) -> bool:
    async with crew.house.state.begin_system() as tx:
        return bool(
            await tx.value("select count(*) from campaigns.card where content ->> 'title' like %s", (f"{NAME}%",))
        )


async def _cards(crew: Crew) -> bool:
    async with crew.house.state.begin_system() as tx:
        return await tx.value("select count(*) from channels.message where text like '%%wrote in%%'") == 2


async def _in_segment(crew: Crew, segment: str) -> bool:
    await crew.http.post(f"/api/v1/segments/{segment}/compute")  # refused while the loop computes it itself
    async with crew.house.state.begin_system() as tx:
        return bool(await tx.value("select count(*) from segments.member where segment = %s", (segment,)) == 2)


async def _mailed(crew: Crew) -> bool:
    crew.house.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    return {EMAIL, "jin@person.example"} <= crew.box.to()
