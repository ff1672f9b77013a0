"""Chapter 15: a journey with a branch, tried dry, agreed to by a second person, watched, and judged by its control."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.demo import readers
from dure.demo.chapters import campaign
from dure.demo.stage import Stage, eventually, need

_HELLO = '{{ person.name | default: "청취자" }}'
_HELLO_EN = '{{ person.name | default: "there" }}'
# Laid out for the few, plain for the many: every letter in MJML is laid out anew.
_LAID_OUT = (
    '<mjml><mj-body background-color="#f5f5f7"><mj-section background-color="#ffffff"><mj-column>'
    '<mj-text font-size="18px" font-weight="bold">{{ items[0].title }}</mj-text><mj-text>%s</mj-text>'
    '{%% for item in items %%}<mj-button href="{{ item.url }}" background-color="#5b5bd6">{{ item.title }}</mj-button>'
    "{%% endfor %%}</mj-column></mj-section></mj-body></mjml>"
)
_PLAIN = "%s\n\n{%% for item in items %%}{{ item.title }}\n{{ item.url }}\n\n{%% endfor %%}%s"
_WEEKEND = "주말 편성 안내"
ABOVE = 300
"""Above so many people Sorimaru demands a second person's word."""


def design(segment: str) -> dict[str, Any]:
    """Half of the regulars who fell silent: who gave is thanked, the others are told of broadcasts to their taste."""
    return {
        "name": {"ko": "조용해진 단골 되찾기", "en": "Win back quiet regulars"},
        "kind": "journey",
        "entry": {"audience": {"kind": "all", "of": [
            {"kind": "in", "segment": segment},
            {"kind": "share", "share": 0.5, "seed": "first-try"},
        ]}},
        "start": "rest",
        "nodes": [
            {"id": "rest", "kind": "delay", "for": f"{campaign.WAIT_HOURS}h", "next": "gave"},
            {"id": "gave", "kind": "branch", "else": "taste",
             "when": [{"rule": {"kind": "did", "event": "Gift Sent", "within": "90d"}, "next": "thanks"}]},
            {"id": "thanks", "kind": "message", "channel": "email", "items": {"kind": "together", "count": 2},
             "texts": {
                 "ko": {"subject": f"{_HELLO}님, 보내 주신 선물을 기억합니다", "mjml": _LAID_OUT %
                        f"{_HELLO}님의 선물 덕분에 이어지는 방송이 있습니다. 비슷한 분들이 함께 듣는 방송입니다."},
                 "en": {"subject": f"{_HELLO_EN}, your gift is remembered", "mjml": _LAID_OUT %
                        f"Dear {_HELLO_EN}, broadcasts go on thanks to your gift. Others like you also hear these."}},
             "next": "back"},
            {"id": "taste", "kind": "message", "channel": "email", "items": {"kind": "blend", "count": 3},
             "texts": {
                 "ko": {"subject": f"{_HELLO}님, 요즘 이런 방송이 있어요",
                        "body": _PLAIN % (f"{_HELLO}님이 좋아하실 만한 방송을 골랐습니다.", "소리마루 드림")},
                 "en": {"subject": f"{_HELLO_EN}, what is on these days",
                        "body": _PLAIN % (f"Dear {_HELLO_EN}, we picked these for you.", "Sorimaru")}},
             "next": "back"},
            {"id": "back", "kind": "wait", "event": {"event": "Listen Started"}, "within": "2d", "then": "returned",
             "else": "card"},
            {"id": "card", "kind": "message", "channel": "in_app", "next": "quiet",
             "texts": {"ko": {"form": "banner", "title": f"{_HELLO}님, 오랜만이에요", "button": "듣기", "url": "/live",
                              "expires": "7d"},
                       "en": {"form": "banner", "title": f"Welcome back, {_HELLO_EN}", "button": "Listen",
                              "url": "/live", "expires": "7d"}}},
            {"id": "returned", "kind": "exit", "reason": "came back"},
            {"id": "quiet", "kind": "exit", "reason": "still quiet"},
        ],
        "exits": [{"event": "Subscription Started"}],
        "goal": {"event": "Listen Started"}, "window": "1d", "holdout": 0.5, "priority": 2,
    }  # fmt: skip


async def launch(stage: Stage) -> None:
    """Marketing draws it, runs it dry and asks for a word; its author's own is refused, a colleague's is taken."""
    await stage.ask("PUT", "/api/v1/sending/rules", json={"approval": {"demanded": "above", "above": ABOVE}})
    await stage.post("/api/v1/segments/about-to-churn/compute")
    segment = (await stage.get("/api/v1/segments/about-to-churn"))["id"]
    made = await stage.post("/api/v1/campaigns", design(segment))
    path = f"/api/v1/campaigns/{made['id']}"
    dry = await stage.post(f"{path}/dry-run?limit=50")
    need(dry["outcomes"].get("send", 0) and dry["outcomes"].get("hold", 0), f"some get it: {dry['outcomes']}")
    refused = await stage.http.post(f"{path}/launch")
    need(refused.status_code == 409, f"above the workspace's size it needs a word ({refused.status_code})")
    asked = await stage.post(
        f"{path}/approval", {"note": "조용해진 단골의 절반께 먼저 보내고, 절반은 대조군으로 남깁니다."}
    )
    decide = f"/api/v1/approvals/{asked['requests'][0]['id']}"
    own = await stage.http.post(decide, json={"approve": True, "hash": asked["hash"]})
    need(not own.is_success, "nobody agrees to their own campaign")
    await campaign.agree(stage, decide, asked["hash"])
    await stage.post(f"{path}/launch")
    stage.told["journey"] = path, made["id"], dry["looked_at"], dry


async def on_their_way(stage: Stage) -> None:
    """Waits until the whole audience stands at the first step."""
    path, _, size, _ = stage.told["journey"]

    async def waiting() -> Any:
        return (await stage.get(f"{path}/progress"))["nodes"].get("rest", {}).get("here", 0) >= 0.95 * size

    await eventually(waiting, "the whole audience is in the journey", 300, every=0.3)


async def met(stage: Stage) -> None:
    """Waits until both halves are past the letters. Some letters are opened; some people are back by tomorrow."""
    path, ours, size, _ = stage.told["journey"]

    async def past() -> Any:
        told = await stage.get(f"{path}/progress")
        states = told["counts"]["states"]
        need(not told["halt"], f"the journey was stopped: {told['halt']}")
        # Whom a cap keeps from a letter is past it too.
        beyond = sum(states.get(state, 0) for state in ("sent", "held", "skipped", "failed"))
        return beyond >= 0.95 * size and not states.get("claimed")

    await eventually(past, "both halves are past the letters", 300, every=0.3)
    sent, held = [await campaign.messages(stage, path, state) for state in ("sent", "held")]
    opened, led = await readers.open_them(stage, readers.letters(stage, ours).items())
    stage.told["journey_read"] = opened, len(led)
    stage.told["journey_back"] = campaign.comebacks(stage, sent, held)


async def win_back(stage: Stage) -> dict[str, Any]:
    """Both ways of the branch were written to, those who listened are out, and both halves are compared."""
    path, ours, size, dry = stage.told["journey"]
    opened, clicked = stage.told["journey_read"]
    await stage.happen(stage.told["journey_back"])
    sent = await campaign.messages(stage, path, "sent")
    by_node = {node: sum(one["node"] == node for one in sent) for node in ("thanks", "taste")}
    need(all(by_node.values()), f"both ways of the branch were written to: {by_node}")
    need(len(readers.letters(stage, ours)) == len(sent), "what is told as sent went through SMTP")
    back = len({call["userId"] for call in stage.told["journey_back"]})

    async def judged() -> Any:
        result = await stage.get(f"{path}/result", retention=False)
        halves, pending = campaign.goal_of(result)
        return not pending and campaign.reached(halves) >= 0.97 * back and (halves, result)

    halves, result = await eventually(judged, "the result of both halves", 300)
    # Who listened leaves the step where the others go on waiting.
    nodes = (await stage.get(f"{path}/progress"))["nodes"]
    answers = (await stage.get(f"{path}/responses"))["responses"]
    need(answers, "letters were opened and links followed")
    waiting = await _for_the_weekend(stage)
    return {
        "audience": size,
        "dry_run": dry["outcomes"],
        "approved_by": "dohyun.nam",
        "own_word": "refused",
        "sent_by_branch": by_node,
        "still_waiting_for": nodes["back"]["here"],
        "opened": opened,
        "clicked": clicked,
        "returned_after_letter": round(halves["treated"]["value"], 3),
        "returned_alone": round(halves["control"]["value"], 3),
        "interval": [round(halves["difference"][bound], 3) for bound in ("low", "high")],
        "sentence": result["sentence"]["ko"],
        "waits_for_approval": waiting,
    }


async def _for_the_weekend(stage: Stage) -> str:
    """Marketing's next campaign waits for a word of whoever looks around in the demo, and stands in the calendar."""
    author = {"headers": {"authorization": f"Bearer {await stage.token_of('mirae.seo@sorimaru.example')}"}}
    seoul = stage.now().astimezone(ZoneInfo("Asia/Seoul"))
    saturday = (seoul + timedelta(days=(4 - seoul.weekday()) % 7 + 1)).date()
    made = await stage.ask("POST", "/api/v1/campaigns", json={
        "name": {"ko": _WEEKEND, "en": "What is on at the weekend"},
        "kind": "once",
        "entry": {"audience": {"kind": "did", "event": "Listen Started", "at_least": 3, "within": "28d"},
                  "at": f"{saturday}T10:00", "zone": "workspace"},
        "start": "letter",
        "nodes": [{"id": "letter", "kind": "message", "channel": "email", "items": {"kind": "blend", "count": 3},
                   "texts": {"ko": {"subject": f"{_HELLO}님의 주말 편성표",
                                    "body": _PLAIN % ("이번 주말에 들을 만한 방송입니다.", "소리마루 드림")},
                             "en": {"subject": f"{_HELLO_EN}, your weekend",
                                    "body": _PLAIN % ("Worth hearing this weekend.", "Sorimaru")}}}],
        "goal": {"event": "Listen Started"}, "window": "2d", "holdout": 0.5,
    }, **author)  # fmt: skip
    await stage.ask(
        "POST", f"/api/v1/campaigns/{made['id']}/approval", json={"note": "토요일 오전에 보냅니다."}, **author
    )
    waiting = (await stage.get("/api/v1/approvals"))["requests"]
    need([one for one in waiting if one["campaign"] == made["id"]], "it waits for a second person's word")
    return _WEEKEND
