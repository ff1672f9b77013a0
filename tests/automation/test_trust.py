"""Who changed what, what is different, going back, texts that travel, and the pause."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from dure.automation.model import Definition
from dure.automation.routes import router
from dure.automation.trust.diff import changes
from dure.web import front
from dure.web.routing import include
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio

WRITE = {"id": "write", "kind": "book.write", "with": {"text": "won"}}
DOC: dict[str, Any] = {"trigger": {"event": "Deal Won"}, "nodes": [WRITE]}


@pytest.fixture
async def workshop(shop: Workshop) -> Workshop:
    return shop


@pytest.fixture
async def door(workshop: Workshop) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = workshop.cast.governance
    front.install(app)
    include(app, router(workshop.automation))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure/api/v1",
        headers={"Authorization": f"Bearer {workshop.cast.token}"},
    ) as client:  # fmt: skip
        yield client


def told(before: dict[str, Any] | None, after: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    old = msgspec.convert(before, Definition) if before else None
    return [(one.what, one.place, one.before, one.after) for one in changes(old, msgspec.convert(after, Definition))]


def test_a_difference_reads_line_by_line() -> None:
    after = {
        "trigger": {"event": "Deal Won"},
        "lane": "bulk",
        "nodes": [
            {**WRITE, "with": {"text": "won {{ run.subject }}"}, "next": "rest", "retries": 2},
            {"id": "rest", "kind": "wait", "with": {"for": "2d"}},
        ],
    }
    assert told(DOC, after) == [
        ("added", "lane", None, "bulk"),
        ("changed", "nodes.write.with.text", "won", "won {{ run.subject }}"),
        ("added", "nodes.write.next", None, "rest"),
        ("added", "nodes.write.retries", None, 2),
        ("added", "nodes.rest", None, {"id": "rest", "kind": "wait", "with": {"for": "2d"}}),
    ]


def test_two_lists_of_filters_differ_by_their_filters() -> None:
    one = {"prop": "amount", "op": ">", "value": 5}
    was, now = {"prop": "plan", "op": "set", "value": None}, {"prop": "stage", "op": "=", "value": "won"}
    assert told({**DOC, "conditions": [one, was]}, {**DOC, "conditions": [one, now]}) == [
        ("removed", "conditions", was, None),
        ("added", "conditions", None, now),
    ]


def test_another_first_step_is_a_difference() -> None:
    two = [WRITE, {"id": "rest", "kind": "end"}]
    assert told({**DOC, "nodes": two}, {**DOC, "nodes": two[::-1]}) == [("changed", "start", "write", "rest")]


async def test_each_version_has_its_author_time_and_note(door: httpx.AsyncClient, workshop: Workshop) -> None:
    made = (await door.post("/automations", json={"name": "Write", "definition": DOC, "note": "the first"})).json()
    doc = {**DOC, "nodes": [{**WRITE, "with": {"text": "lost"}}]}
    await door.patch(f"/automations/{made['id']}", json={"definition": doc, "note": "another word"})
    versions = (await door.get(f"/automations/{made['id']}/versions")).json()["versions"]
    assert [(one["version"], one["note"], one["live"], one["published_by"]) for one in versions] == [
        (2, "another word", True, workshop.cast.mina.user), (1, "the first", False, workshop.cast.mina.user),
    ]  # fmt: skip
    (change,) = (await door.get(f"/automations/{made['id']}/diff", params={"before": 1, "after": 2})).json()["changes"]
    assert (change["place"], change["before"], change["after"]) == ("nodes.write.with.text", "won", "lost")
    assert change["said"] == {"ko": "단계 write · with.text 변경", "en": "step write · with.text changed"}


async def test_going_back_publishes_the_old_text_anew(door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"name": "Write", "definition": DOC})).json()
    other = {**DOC, "nodes": [{**WRITE, "with": {"text": "lost"}}]}
    await door.patch(f"/automations/{made['id']}", json={"definition": other})
    back = (await door.post(f"/automations/{made['id']}/rollback", json={"version": 1})).json()
    assert (back["version"], back["definition"]["nodes"]) == (3, made["definition"]["nodes"])
    again = await door.post(f"/automations/{made['id']}/rollback", json={"version": 3})
    assert (again.status_code, again.json()["error"]["field"]) == (422, "version")
    gone = await door.post(f"/automations/{made['id']}/rollback", json={"version": 9})
    assert gone.status_code == 404


async def test_nobodys_change_is_written_over(door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"name": "Write", "definition": DOC})).json()
    await door.patch(f"/automations/{made['id']}", json={"definition": DOC, "base": 1})
    late = await door.patch(f"/automations/{made['id']}", json={"definition": DOC, "base": 1})
    error = late.json()["error"]
    assert (late.status_code, error["field"], error["data"]) == (409, "base", {"version": 2})


async def test_an_export_is_taken_in_elsewhere_after_a_review(door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"name": "Write", "definition": DOC})).json()
    (text,) = (await door.get(f"/automations/{made['id']}/export")).json()["automations"]
    (same,) = (await door.post("/automations/import", json={"automations": [text]})).json()["reviews"]
    assert (same["automation"], same["changes"]) == (made["id"], [])
    text["definition"]["nodes"][0]["with"]["text"] = "won again"
    fresh = {**text, "id": "", "name": "Another"}
    known, new = (await door.post("/automations/import", json={"automations": [text, fresh]})).json()["reviews"]
    assert [change["place"] for change in known["changes"]] == ["nodes.write.with.text"]
    assert new["automation"] == ""
    assert len((await door.get("/automations")).json()["automations"]) == 1
    done = await door.post(
        "/automations/import", json={"automations": [text, fresh], "publish": True, "note": "from a file"}
    )
    assert [one["published"] for one in done.json()["reviews"]] == [2, 1]
    both = (await door.get("/automations")).json()["automations"]
    assert [(one["name"], one["enabled"]) for one in both] == [("Write", True), ("Another", False)]


async def test_an_import_is_taken_whole_or_not_at_all(door: httpx.AsyncClient) -> None:
    good = {"name": "Good", "definition": DOC}
    bad = {"name": "Bad", "definition": {**DOC, "nodes": [{"kind": "book.burn"}]}}
    reviews = (await door.post("/automations/import", json={"automations": [good, bad]})).json()["reviews"]
    assert [(one["error"] != "", one["field"]) for one in reviews] == [(False, ""), (True, "nodes[0].kind")]
    refused = await door.post("/automations/import", json={"automations": [good, bad], "publish": True})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "automations[1].nodes[0].kind")
    assert (await door.get("/automations")).json()["automations"] == []


async def test_an_import_minds_what_was_published_since_its_review(door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"name": "Write", "definition": DOC})).json()
    await door.patch(f"/automations/{made['id']}", json={"definition": DOC})
    text = {"name": "Write", "definition": {**DOC, "lane": "bulk"}}
    asked = {"automations": [text], "publish": True, "expected": {made["id"]: 1}}
    assert (await door.post("/automations/import", json=asked)).status_code == 409


async def test_another_workspace_sees_none_of_it(workshop: Workshop) -> None:
    trust, stranger = workshop.automation.trust, workshop.cast.rina
    made = await workshop.make([WRITE])
    for ask in (trust.versions(stranger, made), trust.version(stranger, made, 1), trust.roll_back(stranger, made, 1)):
        with pytest.raises(Exception, match="no such automation"):
            await ask
    (review,) = await trust.review(stranger, [{"name": "test", "id": made, "definition": DOC}])
    assert review.automation == ""
