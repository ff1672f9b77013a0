"""The metrics to begin with: some of each team, the board that shows one of each, and the trees they make."""

from __future__ import annotations

from typing import Any

from dure.metrics.model import NewBoard, NewMetric, Reading, Tile
from dure.metrics.tree.model import Edge, NewTree, Node

_LAST = Reading(at="last")


def _trend(*series: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "trend", "series": list(series), **more}


def _weekly(event: str, math: str = "count", prop: str | None = None) -> dict[str, Any]:
    return _trend({"event": event, "math": math, **({"prop": prop} if prop else {})}, interval="week")


def _formula(formula: str, *metrics: str, **more: Any) -> dict[str, Any]:
    return {"kind": "formula", "formula": formula, "metrics": dict(zip("ABCDEFGHIJ", metrics, strict=False)), **more}


_OF_EACH_TEAM = (
    NewMetric(
        id="weekly-listeners", name_ko="주간 청취자", name_en="Weekly listeners", function="product",
        about_ko="한 주에 한 번이라도 방송을 들은 사람. 우리의 북극성 지표입니다.",
        about_en="People who listened to at least one broadcast in a week. Our North Star.",
        question=_weekly("Listen Started", "people"), reading=_LAST, tags=("north-star", "listening"),
    ),
    NewMetric(
        id="day-7-return", name_ko="가입 7일 뒤 재청취", name_en="Day-7 return", function="marketing", unit="percent",
        about_ko="가입한 뒤 1일에서 7일 사이에 다시 들은 사람의 비율.",
        about_en="Share of new sign-ups who listened again one to seven days later.",
        question={
            "kind": "retention", "start": {"event": "Signed Up", "first_time": True},
            "return": {"event": "Listen Started"}, "measure": "bracket", "brackets": [7], "intervals": 30,
        },
        reading=Reading(column=1), target=0.4, tags=("retention",),
    ),
    NewMetric(
        id="deals-won", name_ko="성사된 계약", name_en="Deals won", function="sales",
        about_ko="기간 안에 성사된 계약의 수.", about_en="Deals won in the range.",
        question=_weekly("Deal Won"), tags=("deals",),
    ),
    NewMetric(
        id="delivered-impressions", name_ko="집행된 노출", name_en="Delivered impressions", function="ad_ops",
        about_ko="광고 서버가 알려 준 노출 수의 합.", about_en="Impressions that ad servers reported as delivered.",
        question=_trend({"event": "Delivery Recorded", "math": "sum", "prop": "impressions"}), tags=("ads",),
    ),
    NewMetric(
        id="mention-sentiment", name_ko="언급의 감정", name_en="Mention sentiment", function="social", unit="number",
        about_ko="들어온 언급의 감정 평균. -1은 모두 부정, 1은 모두 긍정입니다.",
        about_en="Mean sentiment of the mentions that arrived: -1 all negative, 1 all positive.",
        question=_trend({"event": "Mention Arrived", "math": "average", "prop": "sentiment"}, interval="day"),
        target=0.2, tags=("mentions",),
    ),
    NewMetric(
        id="response-seconds", name_ko="공유 채널 응답 시간", name_en="Time to answer in shared channels",
        function="care", unit="seconds",
        about_ko="공유 채널에서 고객의 글에 답할 때까지 걸린 시간의 중앙값.",
        about_en="Median time until a customer's message in a shared channel was answered.",
        question=_trend({"event": "Response Answered", "math": "median", "prop": "seconds"}),
        direction="down", target=3600, tags=("channels",),
    ),
)  # fmt: skip

_LISTENING = (
    *(
        NewMetric(
            id=f"{state}-listeners", name_ko=f"{ko} 청취자", name_en=f"{en} listeners", function=team,
            about_ko=about_ko, about_en=about_en, tags=("listening",), reading=Reading(at="last", field=state),
            question={"kind": "lifecycle", "event": "Listen Started", "interval": "week"},
        )
        for state, ko, en, team, about_ko, about_en in (
            ("new", "새", "New", "marketing", "그 주에 생애 처음으로 들은 사람.",
             "People whose first listen of all time was in the week."),
            ("returning", "계속 듣는", "Returning", "product", "그 주에도 그 앞주에도 들은 사람.",
             "People who listened in the week and in the one before."),
            ("resurrecting", "돌아온", "Resurrected", "marketing", "쉬었다가 그 주에 다시 들은 사람.",
             "People who listened again after a week or more without."),
        )
    ),
    NewMetric(
        id="weekly-listening-time", name_ko="주간 청취 시간", name_en="Weekly listening time", function="product",
        unit="seconds", about_ko="한 주 동안 모두가 들은 시간의 합.", about_en="How long everybody listened in a week.",
        question=_weekly("Listen Ended", "sum", "seconds"), reading=_LAST, tags=("listening",),
    ),
    NewMetric(
        id="weekly-listens", name_ko="주간 청취 횟수", name_en="Weekly listens", function="product",
        about_ko="한 주 동안 시작된 청취의 수.", about_en="Listens that began in a week.",
        question=_weekly("Listen Started"), reading=_LAST, tags=("listening",),
    ),
    NewMetric(
        id="listens-per-listener", name_ko="1인당 청취 횟수", name_en="Listens per listener", function="product",
        unit="number", about_ko="청취 횟수를 청취자 수로 나눈 값.", about_en="Listens divided by listeners.",
        question=_formula("A/B", "weekly-listens", "weekly-listeners", interval="week"), reading=_LAST,
        tags=("listening",),
    ),
    NewMetric(
        id="time-per-listen", name_ko="청취 1회의 길이", name_en="Time per listen", function="product", unit="seconds",
        about_ko="청취 시간을 청취 횟수로 나눈 값.", about_en="Listening time divided by listens.",
        question=_formula("A/B", "weekly-listening-time", "weekly-listens", interval="week"), reading=_LAST,
        tags=("listening",),
    ),
    NewMetric(
        id="listening-days", name_ko="한 달에 듣는 날", name_en="Listening days a month", function="product",
        unit="number", about_ko="들은 사람이 기간 안에 평균 며칠이나 들었는지.",
        about_en="On how many days of the range those who listened did so, on average.",
        question={"kind": "stickiness", "event": "Listen Started", "interval": "day"}, tags=("listening", "retention"),
    ),
    NewMetric(
        id="first-listen", name_ko="가입 후 첫 청취", name_en="First listen after sign-up", function="product",
        unit="percent", about_ko="가입하고 하루 안에 들은 사람의 비율.",
        about_en="Share of those who signed up who listened within a day.",
        question={
            "kind": "funnel", "window": "1d", "steps": [{"event": "Signed Up"}, {"event": "Listen Started"}],
        },
        tags=("activation",),
    ),
)  # fmt: skip

_GROWTH = (
    NewMetric(
        id="sign-ups", name_ko="가입", name_en="Sign-ups", function="marketing", about_ko="가입한 사람.",
        about_en="People who signed up.", question=_trend({"event": "Signed Up", "math": "people"}),
        tags=("acquisition",),
    ),
    NewMetric(
        id="ad-spend", name_ko="광고비", name_en="Ad spend", function="marketing", unit="money",
        about_ko="우리가 광고에 쓴 돈.", about_en="What we paid for advertising.", direction="down",
        question=_trend({"event": "Ad Spend Recorded", "math": "sum", "prop": "amount"}), tags=("acquisition", "ads"),
    ),
    NewMetric(
        id="cost-per-lead", name_ko="가입당 비용", name_en="Cost per lead", function="marketing", unit="money",
        about_ko="광고비를 가입한 사람 수로 나눈 값. 광고 없이 온 사람도 셉니다.",
        about_en="Ad spend divided by everybody who signed up, also those who came without an ad.",
        question=_formula("A/B", "ad-spend", "sign-ups"), direction="down", tags=("acquisition", "ads"),
    ),
    NewMetric(
        id="lifetime-value", name_ko="고객 생애 가치 (4주)", name_en="Lifetime value, 4 weeks", function="marketing",
        unit="money", about_ko="가입한 사람 한 명이 그 주부터 4주 뒤까지 보낸 선물의 금액.",
        about_en="What each person who signed up gave in gifts until the end of the fourth week after.",
        question={
            "kind": "lifetime_value", "purchase": {"event": "Gift Sent"}, "prop": "amount",
            "start": {"event": "Signed Up"}, "interval": "week", "intervals": 12,
        },
        reading=Reading(field="value", column=4), tags=("revenue",),
    ),
    NewMetric(
        id="messages-sent", name_ko="보낸 메시지", name_en="Messages sent", function="marketing",
        about_ko="캠페인이 보낸 메시지.", about_en="Messages that campaigns sent.",
        question=_trend({"event": "Message Sent"}), tags=("campaigns",),
    ),
    NewMetric(
        id="win-rate", name_ko="수주율", name_en="Win rate", function="sales", unit="percent",
        about_ko="끝난 계약 가운데 성사된 비율.", about_en="Share of the deals that ended which were won.",
        question=_trend({"event": "Deal Won"}, {"event": "Deal Lost"}, formula="A/(A+B)", interval="week"),
        tags=("deals",),
    ),
    NewMetric(
        id="delivered-in-full", name_ko="물량 달성률", name_en="Delivered in full", function="ad_ops", unit="percent",
        about_ko="끝난 라인 아이템 가운데 약속한 물량을 모두 채운 비율.",
        about_en="Share of the line items that ended which had delivered all that was promised.",
        question=_trend(
            {"event": "Line Item Ended", "where": [{"prop": "in_full", "op": "=", "value": True}]},
            {"event": "Line Item Ended"}, formula="A/B", interval="week",
        ),
        target=0.95, tags=("ads",),
    ),
    NewMetric(
        id="click-through", name_ko="클릭률", name_en="Click-through", function="ad_ops", unit="percent",
        about_ko="집행된 노출 가운데 클릭된 비율.", about_en="Share of the delivered impressions that were clicked.",
        question=_trend(
            {"event": "Delivery Recorded", "math": "sum", "prop": "clicks"},
            {"event": "Delivery Recorded", "math": "sum", "prop": "impressions"}, formula="A/B",
        ),
        tags=("ads",),
    ),
    NewMetric(
        id="mentions", name_ko="언급", name_en="Mentions", function="social", about_ko="들어온 언급의 수.",
        about_en="Mentions that arrived.", question=_trend({"event": "Mention Arrived"}), tags=("mentions",),
    ),
    NewMetric(
        id="negative-mentions", name_ko="부정 언급 비율", name_en="Negative share of mentions", function="social",
        unit="percent", about_ko="들어온 언급 가운데 부정으로 읽힌 비율.", direction="down",
        about_en="Share of the mentions that arrived which were read as negative.",
        question=_trend(
            {"event": "Mention Arrived", "where": [{"prop": "sentiment", "op": "<", "value": 0}]},
            {"event": "Mention Arrived"}, formula="A/B",
        ),
        tags=("mentions",),
    ),
    NewMetric(
        id="mention-reach", name_ko="언급의 도달", name_en="Reach of mentions", function="social",
        about_ko="들어온 언급을 보았을 수 있는 사람 수의 합.",
        about_en="How many may have seen the mentions that arrived, added up.",
        question=_trend({"event": "Mention Arrived", "math": "sum", "prop": "reach"}), tags=("mentions",),
    ),
    *(
        NewMetric(
            id=f"link-clicks-{side}", name_ko=f"{ko} 링크 클릭", name_en=f"Clicks on links of {en}", function="social",
            about_ko=f"{ko}이 올린 추적 링크를 사람이 누른 횟수. 기계와 미리보기는 세지 않습니다.",
            about_en=f"Clicks of people on tracked links of {en}; machines and previews are left out.",
            question=_trend({"event": "Link Clicked", "where": [{"prop": "side", "op": "=", "value": side}]}),
            tags=("links",),
        )
        for side, ko, en in (("brand", "브랜드 계정", "the brand"), ("employees", "직원", "employees"))
    ),
    NewMetric(
        id="employee-shares", name_ko="직원의 공유", name_en="Shares by employees", function="social",
        about_ko="직원이 자기 이름으로 공유한 횟수.", about_en="How often employees shared in their own name.",
        question=_trend({"event": "Story Shared"}), tags=("links",),
    ),
    *(
        NewMetric(
            id=f"employee-reach-{by}", name_ko=f"직원 공유의 도달 ({ko})", name_en=f"Reach of employees, {en}",
            function="social", about_ko=f"직원의 공유를 보았을 수 있는 사람 수. {ko} 값만 셉니다.",
            about_en=f"How many may have seen what employees shared, {en}.",
            question=_trend({
                "event": "Share Reached", "math": "sum", "prop": "added",
                "where": [{"prop": "by", "op": "=", "value": by}],
            }),
            tags=("links",),
        )
        for by, ko, en in (("measured", "네트워크가 잰", "told by networks"), ("stated", "직원이 적은", "as stated"))
    ),
    NewMetric(
        id="posts-published", name_ko="올린 게시글", name_en="Posts published", function="social",
        about_ko="네트워크에 올라간 브랜드 계정의 게시글. 네트워크마다 하나로 셉니다.",
        about_en="Posts of the brand's own that stand on a network, one for each network.",
        question=_trend({
            "event": "Post Published",
            "where": [{"prop": "outcome", "op": "=", "value": "said"},
                      {"prop": "side", "op": "!=", "value": "employees"}],
        }),
        tags=("publishing",),
    ),
    NewMetric(
        id="gift-revenue", name_ko="선물 매출", name_en="Gift revenue", function="product", unit="money",
        about_ko="청취자가 보낸 선물의 금액.", about_en="What listeners gave in gifts.",
        question=_trend({"event": "Gift Sent", "math": "sum", "prop": "amount"}), tags=("revenue",),
    ),
    NewMetric(
        id="gifts", name_ko="선물 횟수", name_en="Gifts", function="product", about_ko="보낸 선물의 수.",
        about_en="Gifts that were sent.", question=_trend({"event": "Gift Sent"}), tags=("revenue",),
    ),
    NewMetric(
        id="average-gift", name_ko="선물 한 번의 금액", name_en="Average gift", function="product", unit="money",
        about_ko="선물 한 번의 평균 금액.", about_en="What a gift is worth on average.",
        question=_trend({"event": "Gift Sent", "math": "average", "prop": "amount"}), tags=("revenue",),
    ),
)  # fmt: skip

_CARE = (
    NewMetric(
        id="first-response", name_ko="첫 응답 시간", name_en="First response time", function="care", unit="seconds",
        about_ko="고객의 첫 글에서 사람이 답할 때까지 걸린 업무 시간의 중앙값. 봇의 답은 세지 않습니다.",
        about_en="Median time in opening hours from a customer's first message to a person's answer, without bots.",
        question=_trend(
            {"event": "Response Given", "math": "median", "prop": "business_seconds",
             "where": [{"prop": "kind", "op": "=", "value": "first"}]},
        ),
        direction="down", target=4 * 3600, tags=("inbox",),
    ),
    NewMetric(
        id="responses-in-time", name_ko="기한 안에 한 응답", name_en="Responses in time", function="care",
        unit="percent",
        about_ko="기한이 있던 응답 가운데 기한 안에 한 비율. 아직 답하지 않은 상담은 상담 보고서에서 봅니다.",
        about_en="Share of the promised responses given that were in time; what is open still is in the care report.",
        question=_trend(
            {"event": "Response Given", "where": [{"prop": "met", "op": "=", "value": True}]},
            {"event": "Response Given", "where": [{"prop": "met", "op": "set"}]}, formula="A/B",
        ),
        target=0.9, tags=("inbox",),
    ),
    NewMetric(
        id="channel-first-response", name_ko="공유 채널의 첫 응답", name_en="First answers in shared channels",
        function="care", unit="seconds",
        about_ko="공유 채널에서 고객이 꺼낸 이야기에 처음 답할 때까지 걸린 업무 시간의 중앙값.",
        about_en="Median time in opening hours until something a customer brought up in a shared channel was answered.",
        question=_trend(
            {"event": "Response Answered", "math": "median", "prop": "open_seconds",
             "where": [{"prop": "response_kind", "op": "=", "value": "first"}]},
        ),
        direction="down", target=3600, tags=("channels",),
    ),
    NewMetric(
        id="channel-next-response", name_ko="공유 채널의 다음 응답", name_en="Later answers in shared channels",
        function="care", unit="seconds",
        about_ko="이어지는 이야기에서 고객의 글에 다시 답할 때까지 걸린 업무 시간의 중앙값.",
        about_en="Median time in opening hours until a customer was answered again in the course of a talk.",
        question=_trend(
            {"event": "Response Answered", "math": "median", "prop": "open_seconds",
             "where": [{"prop": "response_kind", "op": "=", "value": "next"}]},
        ),
        direction="down", target=3600, tags=("channels",),
    ),
    NewMetric(
        id="channel-promises-kept", name_ko="공유 채널에서 지킨 응답 약속", name_en="Promises kept in shared channels",
        function="care", unit="percent",
        about_ko="공유 채널의 응답 가운데 약속한 업무 시간 안에 한 비율. 아직 답하지 않은 질문은 응답 현황에서 봅니다.",
        about_en="Share of the answers in shared channels given within the promised opening hours; what waits still is"
        " in the response report.",
        question=_trend(
            {"event": "Response Answered", "where": [{"prop": "within", "op": "=", "value": True}]},
            {"event": "Response Answered"}, formula="A/B",
        ),
        target=0.9, tags=("channels",),
    ),
    NewMetric(
        id="satisfied", name_ko="만족한 고객", name_en="Satisfied customers", function="care", unit="percent",
        about_ko="상담 만족도에 답한 고객 가운데 4점 이상을 준 비율.",
        about_en="Share of the customers who answered a survey after a conversation with a score of four or five.",
        question=_trend(
            {"event": "Survey Answered", "where": [{"prop": "satisfied", "op": "=", "value": True}]},
            {"event": "Survey Answered"}, formula="A/B",
        ),
        target=0.8, tags=("inbox",),
    ),
    NewMetric(
        id="survey-responses", name_ko="만족도 응답률", name_en="Survey response rate", function="care", unit="percent",
        about_ko="물어본 고객 가운데 답한 비율. 만족도는 이 비율과 함께 봅니다.",
        about_en="Share of the customers asked who answered: to be read beside how satisfied they are.",
        question=_trend(
            {"event": "Survey Answered", "where": [{"prop": "again", "op": "=", "value": False}]},
            {"event": "Survey Sent"}, formula="A/B",
        ),
        tags=("inbox",),
    ),
)  # fmt: skip

_POOR = [{"prop": "band", "op": "=", "value": "poor"}]
# Each is measured once a day, so that a day's events are the accounts or deals there are.
_RELATIONS = (
    NewMetric(
        id="relationship-momentum", name_ko="고객 관계의 모멘텀", name_en="Relationship momentum", function="sales",
        unit="number",
        about_ko="고객사마다 메시지, 미팅, 단계 변화를 7일마다 반으로 줄여 더한 값의 중앙값.",
        about_en="Median over accounts of what was done with each: messages, meetings, stages, halved every week.",
        question=_trend({"event": "Relationship Measured", "math": "median", "prop": "momentum"}, interval="day"),
        reading=_LAST, tags=("relations",),
    ),
    NewMetric(
        id="relationships-poor", name_ko="관계가 나쁜 고객", name_en="Accounts in poor standing", function="sales",
        about_ko="그날 관계가 나쁘다고 본 고객사의 수.",
        about_en="Accounts whose relationship was found poor that day.",
        question=_trend({"event": "Relationship Measured", "where": _POOR}, interval="day"),
        reading=_LAST, direction="down", tags=("relations",),
    ),
    NewMetric(
        id="deal-momentum", name_ko="거래의 모멘텀", name_en="Deal momentum", function="sales", unit="number",
        about_ko="열린 거래의 모멘텀의 중앙값.", about_en="Median momentum of open deals.",
        question=_trend({"event": "Deal Health Measured", "math": "median", "prop": "momentum"}, interval="day"),
        reading=_LAST, tags=("deals",),
    ),
    NewMetric(
        id="deals-poor-share", name_ko="상태가 나쁜 거래의 비율", name_en="Share of deals in poor health",
        function="sales", unit="percent",
        about_ko="열린 거래 가운데 상태가 나쁘다고 본 비율.", about_en="Share of the open deals found in poor health.",
        question=_trend(
            {"event": "Deal Health Measured", "where": _POOR}, {"event": "Deal Health Measured"}, formula="A/B",
            interval="day",
        ),
        reading=_LAST, direction="down", tags=("deals",),
    ),
)  # fmt: skip

# A formula comes after what it is made of.
METRICS = (*_OF_EACH_TEAM, *_LISTENING, *_GROWTH, *_CARE, *_RELATIONS)

BOARD = NewBoard(
    id="teams", name_ko="다섯 팀", name_en="Five teams",
    tiles=tuple(Tile(metric=metric.id) for metric in _OF_EACH_TEAM),
)  # fmt: skip


def _nodes(*named: tuple[str, str | None]) -> tuple[Node, ...]:
    return tuple(Node(id=metric, metric=metric, operation=operation) for metric, operation in named)  # type: ignore[arg-type]


TREES = (
    NewTree(
        id="north-star", name_ko="북극성: 청취 시간", name_en="North Star: listening time",
        about_ko="한 주의 청취 시간은 몇 명이 몇 번씩 얼마나 오래 들었는지로 이루어집니다.",
        about_en="A week's listening time is how many people listened, how often each, and how long each time.",
        root="weekly-listening-time",
        nodes=_nodes(
            ("weekly-listening-time", "product"), ("weekly-listeners", "sum"), ("listens-per-listener", None),
            ("time-per-listen", None), ("new-listeners", None), ("returning-listeners", None),
            ("resurrecting-listeners", None), ("sign-ups", None), ("ad-spend", None), ("mention-sentiment", None),
            ("delivered-impressions", None),
        ),
        edges=(
            Edge("weekly-listeners", "weekly-listening-time"), Edge("listens-per-listener", "weekly-listening-time"),
            Edge("time-per-listen", "weekly-listening-time"), Edge("new-listeners", "weekly-listeners"),
            Edge("returning-listeners", "weekly-listeners"), Edge("resurrecting-listeners", "weekly-listeners"),
            Edge("sign-ups", "new-listeners", "influence"), Edge("ad-spend", "sign-ups", "influence"),
            Edge("mention-sentiment", "resurrecting-listeners", "influence"),
            Edge("delivered-impressions", "time-per-listen", "influence"),
        ),
    ),
    NewTree(
        id="gift-revenue", name_ko="선물 매출", name_en="Gift revenue",
        about_ko="선물 매출은 선물의 수와 한 번의 금액을 곱한 것입니다.",
        about_en="Gift revenue is how many gifts there were times what each was worth.",
        root="gift-revenue",
        nodes=_nodes(("gift-revenue", "product"), ("gifts", None), ("average-gift", None), ("weekly-listens", None)),
        edges=(
            Edge("gifts", "gift-revenue"), Edge("average-gift", "gift-revenue"),
            Edge("weekly-listens", "gifts", "influence"),
        ),
    ),
)  # fmt: skip
