"""Chapters 21 and 22: a wish becomes an idea with all who asked for it, and what is said outside leads to sign-ups."""

from __future__ import annotations

from typing import Any

from dure.demo.chapters import sources
from dure.demo.stage import Stage, eventually, need

_VOTERS = ("serin.oh", "woojin.jang", "subin.cha")


async def asked_for(stage: Stage) -> dict[str, Any]:
    """The forum's wish and a review ask for one idea, sales adds a customer's; two ideas that are one are merged."""
    wish = stage.told["mentions"][sources.WISH]
    author = await stage.ask("PUT", f"/api/v1/mentions/{wish['id']}/whose", json={"person": "u-haneul"})
    (review, *_) = (await stage.get("/api/v1/mentions", network="app_store", text="가사", limit=5))["mentions"]
    idea = await stage.post("/api/v1/ideas", {"title": "라이브 화면에 가사 보기", "mention": wish["id"]})
    await stage.post(f"/api/v1/mentions/{wish['id']}/became", {
        "what": "idea", "ref": idea["id"], "title": idea["title"], "path": f"/ideas?idea={idea['id']}",
    })  # fmt: skip
    near = (await stage.get("/api/v1/ideas/similar", title="방송 화면에서 가사 보기"))["similar"]
    need(any(one["id"] == idea["id"] for one in near), f"an idea of nearly the same words is found: {near}")
    twin = await stage.post("/api/v1/ideas", {"title": "방송 화면에서 가사 보기", "mention": review["id"]})
    deal = await stage.get(f"/api/v1/deals/{stage.told['deal']}")
    said = {
        "source": "sales",
        "said": "가사가 보이면 음원사 캠페인을 더 크게 하겠답니다",
        "account": deal["account_id"],
    }
    await stage.post(f"/api/v1/ideas/{idea['id']}/askings", said)
    await stage.post(f"/api/v1/ideas/{twin['id']}/merge", {"into": idea["id"]})
    for name in _VOTERS:
        headers = {"authorization": f"Bearer {await stage.token_of(f'{name}@sorimaru.example')}"}
        await stage.ask("PUT", f"/api/v1/ideas/{idea['id']}/vote", headers=headers)
    whole = await stage.get(f"/api/v1/ideas/{idea['id']}")
    demand, value = whole["idea"]["demand"], whole["idea"]["value"]
    need(demand == {"mention": 2, "sales": 1}, f"each asking is counted where it was made: {demand}")
    need(whole["idea"]["votes"] == len(_VOTERS), f"colleagues vote: {whole['idea']['votes']}")
    need(sum(value.values()) >= deal["amount"], f"deals open with who asked are counted: {value}")
    await stage.ask("PATCH", f"/api/v1/ideas/{idea['id']}", json={"state": "planned"})
    return {
        "idea": idea["title"],
        "asked_in": demand,
        "asked_by": [who for one in whole["askings"] if (who := one["person_name"] or one["account_name"])],
        "author": author["name"],
        "votes": whole["idea"]["votes"],
        "merged": len(whole["merges"]),
        "open_deals": value,
    }  # fmt: skip


async def to_sign_ups(stage: Stage) -> dict[str, Any]:
    """From mentions and social links to sign-ups in one funnel, and hours that routing saved."""

    async def told() -> Any:
        found = await stage.get("/api/v1/social-effect/funnel", days=30)
        return any(one["kind"] == "linked" for one in found["touches"]) and found

    funnel = await eventually(told, "the linked mention is in the funnel")
    need(funnel["people"] >= funnel["clicked"] >= funnel["signed"] > 0, f"the funnel narrows: {funnel}")
    hours = await stage.get("/api/v1/social-effect/hours", days=30)
    need(hours["automatic"] > hours["corrected"] > 0, f"what people corrected is taken off: {hours}")
    first = await stage.get("/api/v1/social-effect/lagged", first="mentions", second="sign-ups", days=60)
    return {
        "mentions": funnel["mentions"],
        "people": [funnel["people"], funnel["clicked"], funnel["signed"]],
        "of_all_sign_ups": round(funnel["signed"] / funnel["sign_ups"], 3),
        "first_touch": {f"{one['kind']} {one['network']}": one["people"] for one in funnel["touches"]},
        "hours_saved": hours["hours"],
        "what_goes_first": first["verdict"],
    }
