"""Ready automations that keep customers' channels in order."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import node, of, post

_AT = Setting("at", {"ko": "시각", "en": "At"}, "time", "09:00")
_DAYS = Setting("days", {"ko": "요일", "en": "On"}, "days", ["mon"])
_WEEKLY = {"at": "[[at]]", "days": {"$setting": "days"}}
_ROOM = "<#{{ event.object }}>"


def _each(id: str, found: str, do: str) -> dict[str, object]:
    """For each channel that an earlier node found; a channel that fails does not keep the others."""
    return node(
        id, "each", {"list": f"{{{{ steps.{found}.channels }}}}", "do": do, "most": 500, "subject": "{{ item }}"}
    )


CUSTOMER_WEEKLY = Recipe(
    "customer-weekly",
    {"ko": "고객 채널에 매주 숫자 올리기", "en": "Weekly numbers in customers' channels"},
    {
        "ko": "월요일마다 고객마다 한 채널에 열린 질문, 응답 시간, 집행을 올립니다. 고객이 읽지 않는 채널에는"
        " 거래와 건강, 언급도"
              " 올립니다.",
        "en": "Each Monday one channel of each customer gets open questions, answers and deliveries; where the customer"
        " does not read along, deals, health and mentions too.",
    },
    {
        "trigger": _WEEKLY,
        "nodes": [
            node("find", "customers.channels", {"topic": "[[topic]]", "audience": "[[audience]]", "most": 500}, "each"),
            _each("each", "find", "numbers"),
            node("numbers", "customers.numbers", {"channel": "{{ item }}"}, "post"),
            post("post", "{{ item }}", "{{ steps.numbers.text }}", "{{ steps.numbers.blocks }}"),
        ],
    },
    [
        Setting("audience", {"ko": "어느 채널에", "en": "In which channels"}, "choice", "both", [
            ("both", {"ko": "고객이 읽는 곳과 우리만 읽는 곳", "en": "Read by the customer, and by us alone"}),
            ("outside", {"ko": "고객이 읽는 채널만", "en": "Only those the customer reads"}),
            ("inside", {"ko": "우리만 읽는 채널만", "en": "Only those we alone read"}),
        ]),
        Setting("topic", {"ko": "주제 (비우면 첫 채널)", "en": "Topic (empty: the first there is)"}, "choice", "", [
            ("", {"ko": "첫 채널", "en": "The first there is"}), ("general", {"ko": "전반", "en": "General"}),
            ("delivery", {"ko": "집행", "en": "Delivery"}), ("support", {"ko": "지원", "en": "Support"}),
        ]),
        _AT, _DAYS,
    ],
    "sales",
)  # fmt: skip

AGENDA_WEEKLY = Recipe(
    "agenda-weekly",
    {"ko": "매주 안건 올리기", "en": "Post the agenda every week"},
    {
        "ko": "월요일마다 안건이 있는 채널에서 끝난 것을 접고 남은 것을 넘긴 뒤 이번 주 안건을 올립니다.",
        "en": "Each Monday, in channels with an agenda, what is done is put aside, what is left is carried"
        " over, and the"
        " week's agenda is posted.",
    },
    {
        "trigger": _WEEKLY,
        "nodes": [
            node("find", "channels.agendas", {"most": 500}, "each"),
            _each("each", "find", "agenda"),
            node("agenda", "channels.agenda", {"channel": "{{ item }}", "carry": {"$setting": "carry"}}, "post"),
            post("post", "{{ item }}", "{{ steps.agenda.text }}", "{{ steps.agenda.blocks }}"),
        ],
    },
    [Setting("carry", {"ko": "남은 것을 다음 주로", "en": "Carry over what is left"}, "switch", True), _AT, _DAYS],
    "sales",
)  # fmt: skip

CHARTER_WEEKLY = Recipe(
    "charter-weekly",
    {"ko": "헌장 다시 보여 주기", "en": "Remind of the charters"},
    {
        "ko": "정한 요일마다 헌장이 있는 채널에 헌장을 다시 보여 줍니다. 올라와 있는 카드를 고치므로 채널이"
        " 어지러워지지 않습니다.",
        "en": "On the days chosen each channel with a charter is shown it again; the card that stands there is"
        " changed, so"
        " that nothing piles up.",
    },
    {
        "trigger": _WEEKLY,
        "nodes": [
            node("find", "channels.charters", {"most": 500}, "each"),
            _each("each", "find", "make"),
            node("make", "channels.charter_card", {"channel": "{{ item }}"}, "there"),
            node("there", "branch", {"where": [{"prop": "steps.make.there", "op": "=", "value": True}]},
                 {"yes": "post"}),
            post("post", "{{ item }}", "{{ steps.make.text }}", "{{ steps.make.blocks }}", card="charter"),
        ],
    },
    [_AT, _DAYS],
    "sales",
)  # fmt: skip

CHARTER_CHANGED = Recipe(
    "charter-changed",
    {"ko": "헌장이 바뀌면 알리기", "en": "Tell when a charter changes"},
    {
        "ko": "채널의 헌장이 바뀌면 새 헌장을 그 채널에 올립니다.",
        "en": "When a channel's charter changes, the new one is posted there.",
    },
    {
        "trigger": {
            "event": "Charter Changed", "key": f"{{{{ event.object }}}}:{of('version')}", "subject": "object",
        },
        "nodes": [
            node("make", "channels.charter_card", {"channel": "{{ event.object }}"}, "there"),
            node("there", "branch", {"where": [{"prop": "steps.make.there", "op": "=", "value": True}]},
                 {"yes": "post"}),
            post("post", "{{ event.object }}", f"<@{of('by')}> 헌장을 고쳤습니다 changed the charter",
                 "{{ steps.make.blocks }}"),
        ],
    },
    group="sales",
)  # fmt: skip

CHARTER_MISSING = Recipe(
    "charter-missing",
    {"ko": "공유한 채널에 헌장 부탁하기", "en": "Ask for a charter when a channel is shared"},
    {
        "ko": "다른 조직과 공유한 채널에 며칠 뒤에도 헌장이 없으면 만든 사람에게 부탁하고, 그래도 없으면 한 번"
        " 더 부탁합니다.",
        "en": "When a channel was shared with another organisation and has no charter some days later, whoever"
        " made it is"
        " asked for one, and once more if it still has none.",
    },
    {
        "trigger": {
            "event": "Channel Shared", "key": f"{{{{ event.object }}}}:{of('with_workspace')}", "subject": "object",
        },
        "nodes": [
            node("wait", "wait", {"for": "[[after]]"}, "look"),
            node("look", "channels.charter_card", {"channel": "{{ event.object }}"}, "missing"),
            node("missing", "branch", {"where": [{"prop": "steps.look.missing", "op": "=", "value": True}]},
                 {"yes": "ask"}),
            node("ask", "channels.dm",
                 {"users": ["{{ steps.look.creator }}"],
                  "text": f"📜 {_ROOM} 채널을 다른 조직과 함께 쓰지만 아직 헌장이 없습니다. 목적, 사람, 응답"
                  f" 시간을 적어 주세요. · "
                          f"{_ROOM} is shared with another organisation and has no charter yet: say what it is for, who"
                          " belongs and how fast you answer."}, "written"),
            node("written", "wait_event",
                 {"event": "Charter Changed", "equals": "{{ event.object }}", "timeout": "[[again]]"},
                 {"timeout": "still"}),
            node("still", "channels.charter_card", {"channel": "{{ event.object }}"}, "still_missing"),
            node("still_missing", "branch", {"where": [{"prop": "steps.still.missing", "op": "=", "value": True}]},
                 {"yes": "again"}),
            node("again", "channels.dm",
                 {"users": ["{{ steps.still.creator }}"],
                  "text": f"📜 {_ROOM} 채널의 헌장이 아직 없습니다. · {_ROOM} still has no charter."}),
        ],
    },
    [
        Setting("after", {"ko": "부탁하기까지", "en": "Ask after"}, "duration", "1d"),
        Setting("again", {"ko": "다시 부탁하기까지", "en": "Ask again after"}, "duration", "7d"),
    ],
    "sales",
)  # fmt: skip

RECIPES = [CUSTOMER_WEEKLY, AGENDA_WEEKLY, CHARTER_WEEKLY, CHARTER_CHANGED, CHARTER_MISSING]
