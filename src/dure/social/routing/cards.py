"""A mention as a card in its team's channel: what was said, by whom, who that is to us, and three ways to answer.

Everything that came from outside is made plain: a post may not mention a channel, hide a link or ring anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.social.events import plain
from dure.social.model import INTENTS, TOPICS, Mention
from dure.social.routing.model import TEAMS, Decided

Json = dict[str, Any]

ACCEPT, MOVE, REFUSE = "mention.accept", "mention.move", "mention.refuse"
VERDICTS: Mapping[str, str] = {ACCEPT: "accepted", MOVE: "moved", REFUSE: "refused"}
_TEXT, _LINE, _LISTED = 600, 140, 8
_FEELING = {-1: ":red_circle:", 0: ":white_circle:", 1: ":large_green_circle:"}


@dataclass(frozen=True, slots=True)
class Known:
    """Who wrote it, as far as the house knows: the person's name and the traits that may be shown, when they were last
    here, the account, and the deals that are open with them."""

    name: str = ""
    traits: Mapping[str, Any] = field(default_factory=dict)
    last_seen: datetime | None = None
    account: str = ""
    account_name: str = ""
    deals: Mapping[str, Any] = field(default_factory=dict)


def name_of(mention: str) -> str:
    """The card's name in its channel."""
    return f"mention:{mention}"


def block_of(mention: str, function: str) -> str:
    """The row of buttons says which mention it is and to whom it was brought."""
    return f"mention:{mention}:{function}"


def read_block(block: str) -> tuple[str, str] | None:
    parts = block.split(":")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "mention" else None


def card(
    one: Mention, known: Known, decided: Decided | None, function: str, *, told: bool = False, site: str = ""
) -> tuple[str, list[Json]]:  # fmt: skip
    """Text for notices, and blocks. `function` is whose channel it stands in; with `told` it is not theirs."""
    if one.deleted_at:
        return _taken_back(one, site)
    text = one.text if len(one.text) <= _TEXT else one.text[: _TEXT - 1] + "…"
    head = f"*{plain(one.network)}* · {plain(one.author or one.handle)}"
    handle = one.handle.removeprefix("@")
    if handle and handle != one.author.removeprefix("@"):
        head += f" (@{plain(handle)})"
    facts = [_FEELING[one.sentiment], f"{INTENTS[one.intent]['ko']} {INTENTS[one.intent]['en']}",
             f"{TOPICS[one.topic]['ko']} {TOPICS[one.topic]['en']}"]  # fmt: skip
    facts += [f"도달 Reach {one.reach:,}"] if one.reach else []
    facts += [f"★ {one.rating}/5"] if one.rating else []
    facts += [f"×{one.copies + 1}"] if one.copies else []
    link = f"<{site}/social?mention={one.id}|소셜에서 보기 · Open in Social>"
    blocks: list[Json] = [
        {"type": "section", "text": _words(f"{head}\n{plain(text)}")},
        _small([*facts, *([f"<{plain(one.url)}|원문 Original>"] if one.url else []), link]),
    ]
    if who := _who(known, site):
        blocks.append(_small(who))
    if told:
        owner = TEAMS.get(one.function, {"ko": "–", "en": "–"})
        blocks.append(_small([f"참고용입니다. 담당: {owner['ko']} · For your information; with {owner['en']}"]))
    elif (ended := outcome(one, decided, function)) is not None:
        blocks.append(_small([ended]))
    else:
        blocks += [_small([said])] if decided and (said := why(decided)) else []
        blocks.append(_row(str(one.id), function))
    return f"{_whose(one)}{text}", blocks


def begins(one: Mention) -> str:
    """How the text of a message that shows its card begins."""
    return f"{_whose(one)}{one.text[:_LINE]}"


def _whose(one: Mention) -> str:
    return f"{one.network} · {one.author or one.handle}: "


def _taken_back(one: Mention, site: str) -> tuple[str, list[Json]]:
    """What is left on a card of a mention that its network took back: that there was one."""
    said = "원래 네트워크에서 지워진 글입니다 · Taken back on its network"
    link = f"<{site}/social?mention={one.id}|소셜에서 보기 · Open in Social>"
    return f"{one.network} · {said}", [{"type": "section", "text": _words(f"*{plain(one.network)}*\n_{said}_")},
                                      _small([link])]  # fmt: skip


def rest(found: Sequence[Mention], function: str, *, site: str = "") -> tuple[str, list[Json]]:
    """One card for what came with more than a channel is shown one by one: how many, the furthest-reaching lines, and
    where all of them are."""
    team, many = TEAMS[function], len(found)
    head = f"*그 밖의 언급 {many}건 · {many} more mentions*"
    lines = [
        f"• {_FEELING[one.sentiment]} <{site}/social?mention={one.id}|{plain(one.network)}> {plain(_line(one.text))}"
        for one in found[:_LISTED]
    ]
    link = f"<{site}/social?function={function}&state=routed|{team['ko']} 언급 보기 · See all for {team['en']}>"
    blocks: list[Json] = [
        {"type": "section", "text": _words("\n".join([head, *lines]))}, _small([link]),
    ]  # fmt: skip
    return f"+ {many}", blocks


def outcome(one: Mention, decided: Decided | None, function: str) -> str | None:
    """What became of it from where the card stands; None while it waits for an answer there."""
    by = f"<@{decided.decided_by}>" if decided and decided.decided_by.startswith(("U", "W")) else "–"
    if one.state == "done":
        return f":white_check_mark: 완료 · Done ({by})"
    if one.function != function:
        if not one.function and decided and not decided.verdict:
            return ":pencil2: 글이 고쳐져 다시 배정을 기다립니다 · Edited since; it waits to be routed anew"
        if not one.function:
            return f":leftwards_arrow_with_hook: 우리 일이 아니라고 했습니다 · Sent back: {by}"
        team = TEAMS[one.function]
        return f":arrow_right: {team['ko']}에 넘김 · Moved to {team['en']}: {by}"
    if decided and decided.verdict == "accepted":
        return f":white_check_mark: 맡음 · Taken by {by}"
    return None


def why(decided: Decided) -> str:
    """In a line why it came here, and whether somebody is asked to confirm it; "" where nobody decided it."""
    if decided.verdict == "moved":
        return f":arrow_right: <@{decided.decided_by}>님이 넘김 · Handed over by <@{decided.decided_by}>"
    if decided.by == "nobody":
        return ""
    if decided.by == "rule":
        reason = decided.reasons[0] if decided.reasons else {}
        word = f" “{plain(str(reason['word']))}”" if reason.get("word") else ""
        said = f"규칙 {reason.get('number', '')}{word} · by rule"
    else:
        said = f"배정 모델 {decided.sure:.0%} · by the model"
    return said + (" · *맞는지 확인해 주세요 · please confirm*" if decided.audit else "")


def _who(known: Known, site: str) -> list[str]:
    said = []
    if known.name or known.traits:
        traits = " · ".join(f"{plain(str(name))} {plain(str(value))[:60]}" for name, value in known.traits.items())
        said.append(f":bust_in_silhouette: {plain(known.name)}" + (f" ({traits})" if traits else ""))
    if known.last_seen:
        said.append(f"마지막 활동 Last here {known.last_seen:%Y-%m-%d}")
    if known.account_name or known.account:
        said.append(f":office: {plain(known.account_name or known.account)}")
    if deals := known.deals.get("deals"):
        listed = ", ".join(f"<{site}{plain(one['path'])}|{plain(one['name'])[:60]}>" for one in list(deals)[:3])
        said.append(f":handshake: 열린 거래 Open deals {known.deals.get('count')}: {listed}")
    return said


def _row(mention: str, function: str) -> Json:
    options = [{"text": _plain(f"{title['ko']} {title['en']}"), "value": name} for name, title in TEAMS.items()
               if name != function]  # fmt: skip
    return {
        "type": "actions", "block_id": block_of(mention, function), "elements": [
            {"type": "button", "action_id": ACCEPT, "text": _plain("맡기 Accept"), "value": mention,
             "style": "primary"},
            {"type": "static_select", "action_id": MOVE, "placeholder": _plain("다른 팀으로… Re-route…"),
             "options": options},
            {"type": "button", "action_id": REFUSE, "text": _plain("우리 일 아님 Not for us"), "value": mention},
        ],
    }  # fmt: skip


def _line(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= _LINE else said[: _LINE - 1] + "…"


def _words(text: str) -> Json:
    return {"type": "mrkdwn", "text": text[:3000]}


def _small(parts: Sequence[str]) -> Json:
    return {"type": "context", "elements": [_words(" · ".join(parts))]}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text[:75]}
