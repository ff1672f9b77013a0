"""Chapters 24 and 25: a post is approved and goes out with its tags, and employees carry its story on."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from dure.demo.stage import Stage, eventually, need

_TEXT = "라이브 화면에서 가사를 볼 수 있게 준비하고 있어요. 먼저 써 보실 분을 찾습니다: https://sorimaru.example/lyrics"
_BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"
_MACHINE = "facebookexternalhit/1.1"


async def approved_and_out(stage: Stage) -> dict[str, Any]:
    """Its author may not approve it, a colleague does; the forum has it with the tags of its campaign."""
    author, other = [await _as(stage, name) for name in ("eungyeol.ha", "chaewon.yang")]
    content = {
        "title": "가사 보기, 먼저 써 보실 분", "text": _TEXT, "language": "ko", "campaign": "lyrics",
        "wordings": [{"source": stage.told["forum"], "title": "가사 보기, 먼저 써 보실 분"}],
    }  # fmt: skip
    made = await stage.ask("POST", "/api/v1/publishing/posts", json={"content": content}, headers=author)
    place = f"/api/v1/publishing/posts/{made['plan']['id']}"
    asked = await stage.ask("POST", f"{place}/submit", json={"note": "오늘 올리고 싶습니다"}, headers=author)
    word = {"approve": True, "hash": asked["reviews"][0]["hash"]}
    own = await stage.outside.post(f"{place}/decision", json=word, headers=author)
    need(own.status_code in (403, 409), f"an author's own word is refused: {own.status_code} {own.text[:200]}")
    await stage.ask("POST", f"{place}/decision", json=word, headers=other)
    await stage.ask("POST", f"{place}/schedule", json={}, headers=author)

    async def out() -> Any:
        plan = (await stage.get(place))["plan"]
        return plan["state"] == "published" and plan

    plan = await eventually(out, "the post is out")
    (variant,) = plan["variants"]
    there = next(one for one in stage.forum.posts if str(one["id"]) in variant["reference"])
    address = next(word for word in there["raw"].split() if word.startswith("https://"))
    tags = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    need(tags.get("utm_medium") == "social" and tags.get("utm_campaign"), f"the link has its tags: {address}")
    stage.told["post"] = plan["id"]
    return {
        "post": there["topic_title"],
        "own_word": own.status_code,
        "approved_by": "chaewon.yang",
        "published_on": there["topic_id"],
        "tags": tags,
    }


async def shared(stage: Stage) -> dict[str, Any]:
    """An employee shares the approved story by a link of their own; whose click it was is told apart from the brand's,
    and from what a network's machine fetched."""
    author, other, employee = [await _as(stage, name) for name in ("eungyeol.ha", "chaewon.yang", "daeun.song")]
    story = await stage.ask(
        "POST", "/api/v1/advocacy/stories", headers=author,
        json={
            "title": "가사 보기를 먼저 써 볼 분을 찾습니다", "url": "https://sorimaru.example/lyrics",
            "campaign": "lyrics",
            "texts": [{"language": "ko", "text": "우리 팀이 만든 가사 보기, 먼저 써 보실래요?"}],
            "networks": ["x", "linkedin"], "post": stage.told["post"],
        },
    )  # fmt: skip
    place = f"/api/v1/advocacy/stories/{story['id']}"
    asked = await stage.ask("POST", f"{place}/submit", json={"version": story["version"]}, headers=author)
    await stage.ask("POST", f"{place}/approve", json={"version": asked["version"]}, headers=other)

    async def offered() -> Any:
        feed = await stage.ask("GET", "/api/v1/advocacy/feed", headers=employee)
        return any(one["id"] == story["id"] for one in feed["stories"])

    await eventually(offered, "an employee is offered the story")
    share = await stage.ask("POST", f"{place}/shares", json={"network": "x"}, headers=employee)
    await stage.ask(
        "POST", f"/api/v1/advocacy/shares/{share['share']['id']}/opened", headers=employee,
        json={"text": share["texts"]["ko"]},
    )  # fmt: skip
    brand = await stage.post(
        "/api/v1/social-links", {"target": "https://sorimaru.example/lyrics", "network": "x"}
    )  # fmt: skip
    for link, agents in ((share["link"], (_BROWSER, _PHONE, _MACHINE)), (brand["url"], (_BROWSER,))):
        for agent in agents:
            on = await stage.outside.get(urlsplit(link).path, headers={"user-agent": agent})
            need(on.status_code == 302, f"the link leads on: {on.status_code}")

    async def counted() -> Any:
        told = await stage.get("/api/v1/advocacy/report", days=7)
        return told["employees"]["clicks"] + told["brand"]["clicks"] >= 3 and told

    report = await eventually(counted, "the clicks are counted")
    sides = [report[side]["clicks"] for side in ("employees", "brand")]
    need(sides == [2, 1], f"whose clicks they are is told apart: {sides}")
    need(report["employees"]["fetched"] == 1, f"a machine's is none: {report['employees']}")
    return {
        "story": story["title"],
        "shared_by": "daeun.song",
        "clicks_of_employees": sides[0],
        "clicks_of_the_brand": sides[1],
        "fetched_by_machines": report["employees"]["fetched"],
        "shares": report["shares"],
    }


async def _as(stage: Stage, name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {await stage.token_of(f'{name}@sorimaru.example')}"}
