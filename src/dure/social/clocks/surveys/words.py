"""What a survey says to a customer, in their language."""

from __future__ import annotations

from collections.abc import Mapping

LETTER: Mapping[str, tuple[str, str]] = {
    "ko": ("상담은 어떠셨나요?", "도움이 되었는지 알려 주세요. 10초면 됩니다: {url}"),
    "en": ("How did we do?", "Tell us whether this helped. It takes ten seconds: {url}"),
}
SCORES: Mapping[str, tuple[str, ...]] = {
    "ko": ("매우 불만족", "불만족", "보통", "만족", "매우 만족"),
    "en": ("Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"),
}
PAGE: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "title": "상담은 어떠셨나요?", "about": "{house}의 상담에 얼마나 만족하셨는지 알려 주세요.",
        "comment": "더 하실 말씀이 있다면 (선택)", "send": "보내기", "again": "고쳐서 보내기",
        "thanks": "고맙습니다. 답을 받았습니다.", "gone": "이 주소로는 답할 수 없습니다",
        "gone_about": "기간이 지났거나 없는 주소입니다.", "often": "여러 번 고쳐 보내셔서 더 바꿀 수 없습니다.",
        "choose": "점수를 골라 주세요.",
    },
    "en": {
        "title": "How did we do?", "about": "Tell {house} how satisfied you are with the answer you got.",
        "comment": "Anything else? (optional)", "send": "Send", "again": "Send the changed answer",
        "thanks": "Thank you. We have your answer.", "gone": "This address takes no answer",
        "gone_about": "Its time is over, or it never was.", "often": "It was changed too often to be changed again.",
        "choose": "Choose a score.",
    },
}  # fmt: skip


def spoken(language: str) -> str:
    return language if language in LETTER else "en"
