"""The story: ten chapters in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from dure.demo.chapters import board, campaign, channels, deals, life, listeners, mentions
from dure.demo.stage import Stage


@dataclass(frozen=True)
class Chapter:
    """A chapter: what it is called and how it is told; `tell` returns the facts it read back."""

    number: int
    title: str
    title_ko: str
    tell: Callable[[Stage], Awaitable[dict[str, Any]]]


CHAPTERS = (
    Chapter(1, "One person on one timeline", "한 사람, 한 타임라인", listeners.one_timeline),
    Chapter(2, "A funnel, retention and the North Star", "퍼널, 리텐션, 북극성 지표", listeners.questions),
    Chapter(3, "A deal reaches 25 % and gets its room", "25 %에 이른 딜에 방이 열린다", deals.deal_room),
    Chapter(4, "The pace says who will miss", "속도가 알려 주는 미달", deals.pacing),
    Chapter(5, "Those who tried and left are met", "한 번 듣고 떠난 사람을 맞이한다", campaign.tried_and_left),
    Chapter(6, "About to churn, handed to marketing", "이탈 직전 고객을 마케팅에 넘긴다", campaign.hand_over),
    Chapter(7, "A customer waits for an answer", "고객이 답을 기다린다", channels.response_clock),
    Chapter(8, "Mentions of a broken payment page", "결제 장애 언급이 치솟는다", mentions.spike),
    Chapter(9, "One board for five teams", "다섯 팀의 한 보드", board.one_board),
    Chapter(10, "A campaign from pitch to launch", "제안에서 송출까지", life.pitch_to_launch),
)
