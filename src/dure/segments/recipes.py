"""Ready automations that begin at a segment."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import approval, card, link, node, of, post, said

_OPEN = link("인계 열기 Open the handover")

HANDOVER_CARD = Recipe(
    "segment-handover-card",
    {"ko": "세그먼트 인계 알림", "en": "Announce a handover"},
    {
        "ko": "세그먼트를 인계하면 받는 팀의 채널에 인원, 대조군, 목적이 적힌 카드를 올립니다.",
        "en": "When a segment is handed over, a card with its size, control and purpose is posted in the receiving"
        " team's channel.",
    },
    {
        "trigger": {"event": "Segment Handed Over", "key": "event.properties.handover", "subject": "object"},
        "nodes": [
            post("card", of("channel"),
                 f"{of('name')}: {of('size')}명 인계, 대조군 {of('control')}명 · {of('purpose')}",
                 card(of("name"), f"*목적 Purpose*\n{of('purpose')}",
                      [("사람 People", f"{of('size')}명"), ("대상 To act on", f"{of('treated')}명"),
                       ("대조군 Control, left alone", f"{of('control')}명"),
                       ("기한 Until", '{{ event.properties.expires | default: "–" }}')], _OPEN)),
        ],
    },
    group="growth",
)  # fmt: skip

HANDOVER_OUTCOME = Recipe(
    "segment-handover-outcome",
    {"ko": "인계 결과 알림", "en": "Report what came of a handover"},
    {
        "ko": "인계가 끝나면 넘긴 팀의 채널에 대조군과 비교한 결과를 올립니다.",
        "en": "When a handover ends, what came of it beside the control is posted in the channel of the team that"
        " handed over.",
    },
    {
        "trigger": {"event": "Handover Ended", "key": "event.properties.handover", "subject": "object"},
        "nodes": [
            post("card", of("channel"), f"{of('name')}: {of('said')}",
                 card(of("name"), f"{of('said')}\n{of('said_en')}",
                      [("목적 Purpose", of("purpose")), ("목표 Goal", '{{ event.properties.goal | default: "–" }}'),
                       ("대상 Acted on", f"{of('treated_reached')} / {of('treated')}명"),
                       ("대조군 Control", f"{of('control_reached')} / {of('control')}명")],
                      link("결과 열기 Open the outcome"))),
        ],
    },
    group="growth",
)  # fmt: skip

CHURN_TO_MARKETING = Recipe(
    "churn-to-marketing",
    {"ko": "이탈 직전 고객을 마케팅에", "en": "About to churn, to marketing"},
    {
        "ko": "매주 이탈 직전 고객을 다시 계산해 대조군과 함께 마케팅에 넘깁니다. 인계 알림 카드를 함께 켜 두세요.",
        "en": "Every week those about to churn are computed anew and handed to marketing with a control. Switch the"
        " handover card on beside it.",
    },
    {
        "trigger": {"at": "[[at]]", "days": {"$setting": "days"}},
        "nodes": [
            node("compute", "segments.compute", {"segment": "[[segment]]"}, "anybody"),
            node("anybody", "branch", {"where": [{"prop": "steps.compute.size", "op": ">", "value": 0}]},
                 {"yes": "hand_over"}),
            node("hand_over", "segments.hand_over",
                 {"segment": "[[segment]]", "to": "[[to]]", "purpose": "[[purpose]]", "expires": "[[expires]]"}),
        ],
    },
    [
        Setting("segment", {"ko": "세그먼트", "en": "Segment"}, "segment", "about-to-churn"),
        Setting("to", {"ko": "받는 팀", "en": "To"}, "function", "marketing"),
        Setting("purpose", {"ko": "목적", "en": "Purpose"}, "text", "이번 주 되찾기 Win back this week"),
        Setting("at", {"ko": "시각", "en": "At"}, "time", "09:30"),
        Setting("days", {"ko": "요일", "en": "On"}, "days", ["mon"]),
        Setting("expires", {"ko": "명단의 기한", "en": "The list holds for"}, "duration", "7d"),
    ],
    "growth",
)  # fmt: skip

TRIAL_SIGNAL = Recipe(
    "trial-signal",
    {"ko": "체험 신호를 영업에", "en": "A trial's signal, to sales"},
    {
        "ko": "체험하며 많이 쓰는 사람이 세그먼트에 들어오면 영업에 알리고, 그 고객사의 열린 거래가 있으면 담당자에게"
              " 할 일을"
        " 만듭니다.",
        "en": "When somebody on trial uses the product so much that they enter the segment, sales is told, and the"
              " owner"
        " of their account's open deal gets a task.",
    },
    {
        "trigger": {
            # Once a person: who leaves the segment and comes back is known to sales already.
            "kind": "segments.entered", "with": {"segment": "[[segment]]", "once": True},
        },
        "nodes": [
            post("tell", "[[channel]]", f"🌱 {{{{ person.name | default: event.distinct_id }}}}: {of('name')}",
                 card("🌱 체험 신호 · A trial's signal",
                      '*{{ person.name | default: event.distinct_id }}* · {{ person.company | default: "–" }}\n'
                      f"{of('name')} · {of('name_en')}",
                      foot=link("사람 열기 Open the person", "/people/{{ event.distinct_id }}")), "account"),
            node("account", "branch", {"where": [{"prop": "person.company", "op": "set"}]}, {"yes": "deals"}),
            node("deals", "deals.mentioned", {"text": '{{ person.company | default: "" }}'}, "found"),
            node("found", "branch", {"where": [{"prop": "steps.deals.count", "op": ">", "value": 0}]}, {"yes": "task"}),
            node("task", "deals.task",
                 {"about": "{{ steps.deals.deal }}", "owner": "{{ steps.deals.owner }}", "due_in": "1d",
                  "subject": "체험하는 사람에게 연락 Call who tries it:"
                  " {{ person.name | default: event.distinct_id }} ({{ steps.deals.name }})"}),
        ],
    },
    [
        Setting("segment", {"ko": "세그먼트", "en": "Segment"}, "segment", None,
                about={"ko": "예: 한 주에 세 번 넘게 쓴 체험 사용자",
                       "en": "For example: on trial, three sessions a week"}),
        Setting("channel", {"ko": "영업 채널", "en": "Sales' channel"}, "channel", "sales"),
    ],
    "growth",
)  # fmt: skip

FEATURE_LAUNCH = Recipe(
    "feature-launch",
    {"ko": "새 기능을 세그먼트에 알리기", "en": "A feature's launch, to a segment"},
    {
        "ko": "누가 /launch 뒤에 새 기능을 적으면 마케팅의 승인을 받아 그 세그먼트를 대조군과 함께 마케팅에 넘깁니다.",
        "en": "When somebody types a new feature after /launch, marketing is asked and then handed the segment, with a"
        " control, to tell them.",
    },
    {
        "trigger": {
            "kind": "channels.command", "key": "event", "subject": "event.properties.user",
            "with": {"command": "[[command]]", "usage": "새 기능 · feature",
                     "about": "새 기능을 세그먼트에 알리기 · Tell a segment of a feature"},
        },
        "nodes": [
            *approval(
                "agree", "[[channel]]",
                (f"새 기능을 알릴까요? {of('text')}", f"Tell people of the new feature? {of('text')}"),
                yes="compute", no="declined", timeout="[[within]]", function="[[to]]",
                text=f"<@{of('user')}>",
            ),
            node("compute", "segments.compute", {"segment": "[[segment]]"}, "hand_over"),
            node("hand_over", "segments.hand_over",
                 {"segment": "[[segment]]", "to": "[[to]]", "purpose": f"새 기능 알리기 New feature: {of('text')}",
                  "expires": "14d"}, "told"),
            post("told", of("channel"), f"🚀 {of('text')}: {{{{ steps.hand_over.treated }}}}명에게 알립니다, 대조군"
                 " {{ steps.hand_over.control }}명 · told to {{ steps.hand_over.treated }} people"),
            post("declined", of("channel"), f"↩️ {of('text')}: <@{said('agree', 'by')}> {said('agree', 'note')}"),
        ],
    },
    [
        Setting("segment", {"ko": "누구에게", "en": "To whom"}, "segment", None),
        Setting("command", {"ko": "명령", "en": "Command"}, "text", "/launch"),
        Setting("to", {"ko": "알리는 팀", "en": "Team that tells them"}, "function", "marketing"),
        Setting("channel", {"ko": "승인 채널", "en": "Ask in"}, "channel", "marketing"),
        Setting("within", {"ko": "승인까지", "en": "Approve within"}, "duration", "3d"),
    ],
    "growth",
)  # fmt: skip

RECIPES = [HANDOVER_CARD, HANDOVER_OUTCOME, CHURN_TO_MARKETING, TRIAL_SIGNAL, FEATURE_LAUNCH]
