"""Ready automations that begin in channels."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import card, node, of, post

_ROOM = "<#{{ event.object }}>"

CUSTOMER_WAITING = Recipe(
    "customer-waiting",
    {"ko": "고객이 기다립니다", "en": "A customer waits"},
    {
        "ko": "고객의 메시지가 약속한 응답 시간에 가까워지면 담당 채널에 알리고, 시간을 넘겨도 답이 없으면 팀을 불러"
              " 다시"
        " 알립니다.",
        "en": "When a customer's message comes near its promised time the team's channel is told, and told again when"
        " the time has passed without an answer.",
    },
    {
        "trigger": {
            "event": "Response Warned",
            # Once a question, whatever the clock says after it.
            "key": f"{{{{ event.object }}}}:{of('asked_ts')}", "subject": "object",
        },
        "nodes": [
            post("tell", "[[channel]]", f"⏳ {_ROOM}에서 고객이 기다립니다 · A customer is waiting in {_ROOM}",
                 card("⏳ 고객이 기다립니다 · A customer is waiting", f"{_ROOM} · <@{of('asked_by')}>",
                      [("약속 Promised", f"{of('minutes')}분 minutes"), ("기한 Until", of("due_at"))]), "answered"),
            node("answered", "wait_event",
                 {"event": "Response Answered", "on": "event.properties.asked_ts", "equals": of("asked_ts"),
                  "timeout": "[[after]]"}, {"event": "calm", "timeout": "escalate"}),
            node("calm", "channels.update",
                 {"channel": "{{ steps.tell.channel }}", "ts": "{{ steps.tell.ts }}",
                  "text": f"✅ {_ROOM} 답했습니다 · answered by"
                  " <@{{ steps.answered.event.properties.answered_by }}>"}),
            post("escalate", "[[escalation]]", f"🚨 {_ROOM}의 고객에게 아직 답이 없습니다. 지금 답해 주세요. · Still"
                                               f" no answer"
                 f" in {_ROOM}; please answer now."),
        ],
    },
    [
        Setting("channel", {"ko": "담당 채널", "en": "The team's channel"}, "channel", "care"),
        Setting("after", {"ko": "다시 알리기까지", "en": "Tell again after"}, "duration", "30m"),
        Setting("escalation", {"ko": "다시 알릴 채널", "en": "Tell again in"}, "channel", "care"),
    ],
    "care",
)  # fmt: skip

CUSTOMER_ESCALATION = Recipe(
    "customer-escalation",
    {"ko": "답이 늦은 고객을 책임자에게", "en": "Escalate late answers"},
    {
        "ko": "고객에게 약속한 응답 시간을 넘기면 책임자를 그 채널에 불러들이고, 누가 무엇을 기다리는지 따로 알립니다."
              " 누군가 눈 이모지로 봤다고 표시했으면 그 사람도 알립니다.",
        "en": "When a customer's promised time has passed the lead is brought into the channel and told apart who waits"
              " for what, and who has said that they saw it.",
    },
    {
        "trigger": {
            "event": "Response Overdue", "key": f"{{{{ event.object }}}}:{of('asked_ts')}", "subject": "object",
            # The inbox has clocks of the same name; those of channels say which answer they wait for.
            "where": [{"prop": "response_kind", "op": "in", "value": ["first", "next"]}],
        },
        "nodes": [
            node("hand", "channels.escalate",
                 {"channel": "{{ event.object }}", "asked_ts": of("asked_ts"), "to": ["[[lead]]"]}, "still"),
            node("still", "branch", {"where": [{"prop": "steps.hand.waiting", "op": "=", "value": True}]},
                 {"yes": "tell"}),
            node("tell", "channels.dm",
                 {"users": ["[[lead]]"],
                  "text": f"🚨 {_ROOM}: <@{of('asked_by')}> 님이 {of('minutes')}분 안의 답을 아직 받지 못했습니다."
                          f" · <@{of('asked_by')}> still waits for an answer that was promised within"
                          f" {of('minutes')} minutes."
                          f"{{% if event.properties.seen_by %}} 👀 <@{of('seen_by')}>{{% endif %}}"}),
        ],
    },
    [Setting("lead", {"ko": "책임자", "en": "Lead"}, "user")],
    "care",
)  # fmt: skip

ARCHIVE_QUIET = Recipe(
    "archive-quiet",
    {"ko": "조용한 채널 보관", "en": "Archive quiet channels"},
    {
        "ko": "매주 오래 조용한 채널을 찾아 보관한다고 알리고, 그 뒤로도 아무도 쓰지 않으면 보관합니다.",
        "en": "Every week channels that have been quiet for long are told so, and archived when nobody writes after"
        " that.",
    },
    {
        "trigger": {"at": "[[at]]", "days": {"$setting": "days"}},
        "nodes": [
            node("find", "channels.dormant", {"days": {"$setting": "quiet"}, "prefix": "[[prefix]]"}, "each"),
            node("each", "each", {"list": "{{ steps.find.channels }}", "do": "warn", "most": 50, "subject": "{{ item"
                                                                                                            " }}"}),
            post("warn", "{{ item }}", "💤 이 채널은 [[quiet]]일 동안 조용했습니다. [[notice]] 안에 아무도 쓰지"
                                       " 않으면 보관합니다."
                 " · Quiet for [[quiet]] days; archived in [[notice]] unless somebody writes.", next="anybody"),
            node("anybody", "wait_event",
                 {"event": "Message Posted", "where": [{"prop": "by", "op": "=", "value": "user"}],
                  "equals": "{{ item }}", "timeout": "[[notice]]"}, {"timeout": "archive"}),
            node("archive", "channels.archive", {"channel": "{{ item }}"}),
        ],
    },
    [
        Setting("quiet", {"ko": "며칠 조용하면", "en": "Quiet for days"}, "number", 60),
        Setting("prefix", {"ko": "이름이 이렇게 시작하는 채널만", "en": "Only channels whose name begins with"}, "text",
                "deal-"),
        Setting("notice", {"ko": "알리고 기다리는 기간", "en": "Notice"}, "duration", "7d"),
        Setting("at", {"ko": "시각", "en": "At"}, "time", "10:00"),
        Setting("days", {"ko": "요일", "en": "On"}, "days", ["mon"]),
    ],
    "house",
)  # fmt: skip

RECIPES = [CUSTOMER_WAITING, CUSTOMER_ESCALATION, ARCHIVE_QUIET]
