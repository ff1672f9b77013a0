"""The story: twenty-nine chapters in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from dure.demo.chapters import (
    audit,
    board,
    campaign,
    care,
    channels,
    customers,
    deals,
    demand,
    flag,
    guarding,
    ideas,
    journey,
    life,
    liking,
    listeners,
    listening,
    mentions,
    partners,
    publishing,
    routing,
    score,
    sources,
    stages,
)
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
    Chapter(11, "Everybody stands in one stage", "모두가 한 단계에 서 있다", stages.stage_map),
    Chapter(12, "A segment with its past", "지나온 날이 있는 세그먼트", stages.segment_with_a_past),
    Chapter(13, "Who will leave, and how sure that is", "누가 떠날지, 얼마나 확실한지", score.leaving),
    Chapter(14, "A flag decides by experiment", "실험으로 정하는 기능 플래그", flag.experiment),
    Chapter(15, "A journey that two people agreed to", "두 사람이 합의한 여정", journey.win_back),
    Chapter(16, "Demand, before anybody builds", "만들기 전에 수요를 묻는다", demand.funnel),
    Chapter(17, "What to listen to next", "다음에 들을 방송", liking.recommended),
    Chapter(18, "What is said outside comes in", "바깥의 말이 들어온다", sources.heard),
    Chapter(19, "A query is tried before it is kept", "듣기 질의를 시험하고 저장한다", listening.query),
    Chapter(20, "A card is taken, another sent on", "카드를 맡고, 다른 팀에 넘긴다", routing.taken_and_sent_on),
    Chapter(21, "An idea, and who asked for it", "아이디어와 그것을 바란 사람들", ideas.asked_for),
    Chapter(22, "From a mention to a sign-up", "언급에서 가입까지", ideas.to_sign_ups),
    Chapter(23, "A complaint is answered in time", "불만에 제때 답한다", care.answered_in_time),
    Chapter(24, "A post that two people agreed to", "두 사람이 합의한 게시물", publishing.approved_and_out),
    Chapter(25, "Employees carry it on", "직원이 이어서 알린다", publishing.shared),
    Chapter(26, "Rooms for a customer", "고객의 방", customers.rooms_for_a_customer),
    Chapter(27, "A channel with another company", "다른 회사와 함께 쓰는 채널", partners.channel_of_two),
    Chapter(28, "What may not be said waits", "말하면 안 되는 것은 멈춘다", guarding.stopped_in_time),
    Chapter(29, "Who did what, and the proof", "누가 무엇을 했는지, 그 증거", audit.proven),
)
