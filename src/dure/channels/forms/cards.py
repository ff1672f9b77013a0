"""The cards that ask, and the modals behind their buttons, as Block Kit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.forms import fields as rules
from dure.channels.forms.model import Asked, in_both

Json = dict[str, Any]

OPEN, YES, NO, NOTE = "dure_open", "dure_yes", "dure_no", "dure_note"
ROW, DECISION, SAID = "dure_ask", "decision", "note"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "yes": "승인", "no": "반려", "note": "메모와 함께…", "fill": "답하기", "send": "보내기", "close": "닫기",
        "said": "메모", "decision": "결정", "only": "답할 사람:", "approved": "승인함", "rejected": "반려함",
        "answered": "답함", "over": "더는 묻지 않습니다.", "many": "답 {n}개, 마지막",
        "kept": "답은 이 자동화의 실행 기록에 남고, 워크스페이스 사람이 볼 수 있습니다.",
    },
    "en": {
        "yes": "Approve", "no": "Reject", "note": "With a note…", "fill": "Answer", "send": "Send", "close": "Close",
        "said": "Note", "decision": "Decision", "only": "Asked:", "approved": "approved", "rejected": "rejected",
        "answered": "answered", "over": "This is not asked any more.", "many": "{n} answers, the last by",
        "kept": "Answers are kept with the automation's runs, where people of the workspace can read them.",
    },
}  # fmt: skip


_TEAMS: Mapping[str, Mapping[str, str]] = {
    "ko": {"owner": "소유자", "admin": "관리자", "member": "구성원", "product": "프로덕트", "marketing": "마케팅",
           "sales": "영업", "ad_ops": "광고 운영", "social": "소셜", "care": "고객 응대",
           "people": "피플", "press": "홍보", "executives": "경영진"},
    "en": {"owner": "Owners", "admin": "Admins", "member": "Members", "product": "Product", "marketing": "Marketing",
           "sales": "Sales", "ad_ops": "Ad operations", "social": "Social", "care": "Care",
           "people": "People", "press": "Press", "executives": "Executives"},
}  # fmt: skip


def card(asked: Asked, language: str) -> tuple[str, list[Json]]:
    """What stands in the channel: the question, then buttons, or who answered. Text for notices, and blocks."""
    words = _WORDS[language]
    title = rules.safe(in_both(dict(asked.title))[language])
    shown: list[Json] = [{"type": "section", "text": {"type": "mrkdwn", "text": f"*{title}*"[:3000]}}]
    if text := str(asked.card.get("text") or ""):
        shown.append({"type": "section", "text": {"type": "mrkdwn", "text": text[:3000]}})
    shown += [block for block in asked.card.get("blocks") or () if isinstance(block, dict)]
    if asked.ended_at is None:
        shown.append({"type": "actions", "block_id": ROW, "elements": _buttons(asked, words)})
        if asked.of:
            shown.append(_small(f"{words['only']} {' '.join(_named(one, language) for one in asked.of[:20])}"))
    if asked.ended_by or asked.ended_at:
        shown.append(_small(_outcome(asked, words)))
    return f"{title}{f' · {_outcome(asked, words)}' if asked.ended_at else ''}", shown


def _buttons(asked: Asked, words: Mapping[str, str]) -> list[Json]:
    if asked.what == "form":
        named = str(asked.card.get("button") or "") or words["fill"]
        return [_button(OPEN, named, "primary")]
    if asked.note == "required":  # a decision without a word is none: both lead to the modal
        return [_button(NOTE, f"{words['yes']} · {words['no']}", "primary")]
    both = [_button(YES, words["yes"], "primary"), _button(NO, words["no"], "danger")]
    return both if asked.note == "none" else [*both, _button(NOTE, words["note"])]


def _named(who: str, language: str) -> str:
    """Somebody by id, or the engine's word for those of a role or a function."""
    name = who.partition(":")[2]
    return f"<@{who}>" if not name else _TEAMS[language].get(name, rules.safe(name))


def _outcome(asked: Asked, words: Mapping[str, str]) -> str:
    if not asked.ended_by:
        return words["over"]
    who, said = f"<@{asked.ended_by}>", f" · {rules.safe(asked.said)[:500]}" if asked.said else ""
    if asked.what == "approval":
        mark, done = (":white_check_mark:", "approved") if asked.decision == "yes" else (":x:", "rejected")
        return f"{mark} {words[done]}: {who}{said}"
    if asked.answers > 1:
        return f":memo: {words['many'].format(n=asked.answers)} {who}"
    return f":memo: {words['answered']}: {who}"


def modal(asked: Asked, language: str) -> Json:
    """What a card's button opens: the form, or the decision with its note."""
    words = _WORDS[language]
    title = in_both(dict(asked.title))[language]
    if asked.what == "form":
        shown = rules.blocks(asked.fields, language)
    else:
        choices = [(value, words[value]) for value in ("yes", "no")]
        shown = [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*{rules.safe(title)}*"[:3000]}},
            {"type": "input", "block_id": DECISION, "label": _plain(words["decision"]), "element": {
                "type": "radio_buttons", "action_id": rules.ACTION,
                "options": [{"text": _plain(text), "value": value} for value, text in choices]}},
            {"type": "input", "block_id": SAID, "label": _plain(words["said"]), "optional": asked.note != "required",
             "element": {"type": "plain_text_input", "multiline": True, "max_length": 1000,
                         "action_id": rules.ACTION}},
        ]  # fmt: skip
    return {
        "type": "modal", "title": _plain(title, 24), "submit": _plain(words["send"]), "close": _plain(words["close"]),
        "blocks": [*shown, _small(words["kept"])],
    }  # fmt: skip


def _button(action: str, text: str, style: str = "") -> Json:
    made: Json = {"type": "button", "action_id": action, "text": _plain(text), "value": action}
    return {**made, "style": style} if style else made


def _small(text: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:3000]}]}


def _plain(text: str, most: int = 75) -> Json:
    return {"type": "plain_text", "text": text if len(text) <= most else text[: most - 1] + "…"}
