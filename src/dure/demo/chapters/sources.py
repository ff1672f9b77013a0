"""Chapter 18: a forum, a shop's webhook and a sheet of reviews are connected, and each is heard by its own protocol."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from dure.demo.forum import KEY
from dure.demo.stage import Stage, eventually, need

HOOK = "sorimaru-hook"
WISH = "혹시 라이브 화면에서 가사를 보는 방법이 있나요? 없다면 언제 나오나요?"
REFUND = "구독을 해지했는데 환불이 열흘째 안 들어와요. 확인해 주세요!"
CRASH = "업데이트 뒤로 앱이 켜자마자 튕겨요. 오류 때문에 아무것도 못 듣고 있어요"
ADS = "오디오 광고 집행 단가가 궁금합니다. 다음 분기 캠페인을 준비하는 마케팅 담당입니다."
_TALK = (("haneul_y", "윤하늘", WISH), ("late_owl", "밤부엉이", REFUND), ("radio_kim", "라디오김", CRASH))
_MAPPING = "id=order.no\ntext=order.note\nauthor=order.by.name\nemail=order.by.email\nposted_at=order.at"
_REVIEWS = (
    "번호,내용,작성자,작성일,별점\n"
    "r-1,방송 화면에서 가사 보기가 되면 매일 켜 놓을 것 같아요,도레미,{day},4\n"
    "r-2,퇴근길이 즐거워졌어요. 진행자 목소리가 정말 좋아요,솔라시,{day},5\n"
)
_RECIPES = ("mention-cards", "mention-card-pressed")


async def heard(stage: Stage) -> dict[str, Any]:
    """What each would bring is looked at first; what it brought is read, and an edit and a double come through."""
    for recipe in _RECIPES:
        await stage.post("/api/v1/automations", {"recipe": recipe, "enabled": True})
    ago = timedelta(minutes=20)
    posts = [stage.forum.write(user, name, text, stage.now() - ago) for user, name, text in _TALK]
    forum = _forum(stage)
    seen = await stage.post("/api/v1/social-sources/try", {name: forum[name] for name in ("connector", "settings")})
    need(len(seen["mentions"]) == len(posts), f"the preview shows what the forum says: {seen['trouble']}")
    source = await stage.post("/api/v1/social-sources", forum)

    async def brought() -> Any:
        found = (await stage.get("/api/v1/mentions", network="discourse", limit=50))["mentions"]
        return len(found) == len(posts) and {one["text"]: one for one in found}

    by_text = await eventually(brought, "the forum is read")
    edit = f"{CRASH} (갤럭시 S24)"
    stage.forum.edit(posts[2], edit)
    # The forum says it by its hook, and whoever reads the forum at this moment may have seen it already.
    await call(stage, source, {"post": posts[2]}, "x-discourse-event-signature", "post_edited")

    async def told_anew() -> Any:
        found = (await stage.get("/api/v1/mentions", network="discourse", limit=50))["mentions"]
        return [one["id"] for one in found if one["text"] == edit]

    edited = await eventually(told_anew, "the edit is read")
    shop = await stage.post(
        "/api/v1/social-sources",
        {"connector": "webhook", "name": "광고 문의 양식", "settings": {"network": "shop", "mapping": _MAPPING},
         "secrets": {"secret": HOOK}},
    )  # fmt: skip
    asked = _asked(stage)
    took = await call(stage, shop, asked, "x-signature-256")
    stranger = await stage.outside.post(f"/api/v1/hear/{shop['id']}", json=asked)
    need(stranger.status_code == 403, f"a call without a signature is refused: {stranger.status_code}")
    sheet = await stage.post(
        "/api/v1/social-sources", {"connector": "files", "name": "스토어 리뷰", "settings": {"network": "app_store"}}
    )
    reviews = _REVIEWS.format(day=f"{stage.now() - timedelta(days=1):%Y-%m-%d}").encode()
    once, twice = [
        await stage.ask(
            "POST", f"/api/v1/social-sources/{sheet['id']}/upload", params={"name": "r.csv"}, content=reviews
        )
        for _ in range(2)
    ]
    need((once["added"], twice["added"]) == (2, 0), "the same sheet adds nothing twice")
    stage.told["forum"], stage.told["mentions"] = source["id"], by_text
    return {
        "connected": [forum["name"], shop["name"], sheet["name"]],
        "by_the_forums_api": len(by_text),
        "read_as": [f"{one['intent']}/{one['topic']}" for one in by_text.values()],
        "edited": len(edited),
        "by_webhook": took["added"],
        "unsigned_call": stranger.status_code,
        "by_sheet": once["added"],
        "again": twice["added"],
    }


async def find_again(stage: Stage) -> None:
    """After a new start the forum answers elsewhere on this machine."""
    for one in (await stage.get("/api/v1/social-sources"))["sources"]:
        if one["connector"] == "discourse":
            settings = {**one["settings"], "server": stage.forum.url}
            await stage.ask("PATCH", f"/api/v1/social-sources/{one['id']}", json={"settings": settings})


def _forum(stage: Stage) -> dict[str, Any]:
    return {
        "connector": "discourse",
        "name": "듣는 사람들 포럼",
        "settings": {"server": stage.forum.url, "user": "sorimaru"},
        "secrets": {"key": KEY, "hook": HOOK},
    }


def _asked(stage: Stage) -> dict[str, Any]:
    """Somebody at a customer asks what advertising costs."""
    contact = next(one for one in stage.company.world.customers if one.contacts).contacts[0]
    who = {"name": contact.name, "email": contact.email}
    return {"order": {"no": 4711, "note": ADS, "by": who, "at": stage.now().isoformat()}}


async def call(stage: Stage, source: dict[str, Any], said: Any, header: str, event: str = "") -> Any:
    """A network's call to a source's own address, signed with the secret that both know."""
    body = json.dumps(said, ensure_ascii=False).encode()
    signature = "sha256=" + hmac.new(HOOK.encode(), body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", header: signature, **({"x-discourse-event": event} if event else {})}
    answer = await stage.outside.post(f"/api/v1/hear/{source['id']}", content=body, headers=headers)
    need(answer.is_success, f"the call is taken: {answer.status_code} {answer.text[:200]}")
    return answer.json()
