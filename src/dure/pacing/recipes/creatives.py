"""A creative's way: missing, received, checked, refused."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import approval, card, link, node, of, post, said
from dure.pacing.recipes.alerts import HAS_ROOM, ROOM, WHOSE

_OPEN = link("라인아이템 열기 Open the line item")
_CREATIVE = of("creative")
_NAME = of("creative_name")

RECEIVED = Recipe(
    "creative-received",
    {"ko": "소재 도착", "en": "Creative received"},
    {
        "ko": "소재가 도착하면 그 라인아이템의 채널에 알려, 보낸 사람과 기다리는 사람이 모두 알게 합니다.",
        "en": "When a creative arrives its line item's channel is told, so that who sent it and who waits for it know.",
    },
    {
        # A creative that is sent again is told again.
        "trigger": {"event": "Creative Received", "where": [HAS_ROOM], "key": "event",
                    "subject": "event.properties.creative"},
        "nodes": [
            post("post", ROOM, f"📥 소재 도착 Creative received: *{_NAME}* ({of('creative_kind')}) · {WHOSE}"),
        ],
    },
    group="campaign",
)  # fmt: skip

CHECKED = Recipe(
    "creative-checked",
    {"ko": "소재 검수", "en": "Creative checked"},
    {
        "ko": "규격에 맞는 소재는 광고운영에 승인을 물어 결과를 적고, 맞지 않는 소재는 이유와 함께 돌려보냅니다."
              " 승인이 없으면"
        " 담당자에게 할 일을 만듭니다.",
        "en": "A creative that fits its rules is put to ad operations for approval; one that does not is sent back with"
        " the reasons. Without an answer the manager gets a task.",
    },
    {
        "trigger": {"event": "Creative Checked", "key": "event", "subject": "event.properties.creative"},
        "nodes": [
            node("fits", "branch", {"where": [{"prop": "ok", "op": "=", "value": True}]},
                 {"yes": "look", "no": "reject"}),
            *approval(
                "look", "[[channel]]", (f"소재를 승인할까요? {_NAME}", f"Approve the creative? {_NAME}"),
                yes="approve", no="refuse", timeout="[[within]]", silent="task", function="ad_ops",
                text=f"{WHOSE} · {of('creative_kind')} · {of('start')}에 시작 starts",
            ),
            node("approve", "pacing.creative", {"creative": _CREATIVE, "status": "approved"}, "room_yes"),
            node("room_yes", "branch", {"where": [HAS_ROOM]}, {"yes": "good"}),
            post("good", ROOM, f"✅ 소재 승인 Creative approved: *{_NAME}* · {WHOSE}"),
            node("refuse", "pacing.creative",
                 {"creative": _CREATIVE, "status": "rejected", "reason": f"❌ {said('look', 'note')}"},
                 "room_refused"),
            node("room_refused", "branch", {"where": [HAS_ROOM]}, {"yes": "refused"}),
            post("refused", ROOM, f"❌ 소재 반려 Creative refused: *{_NAME}* · {WHOSE}\n{said('look', 'note')}"),
            node("reject", "pacing.creative",
                 {"creative": _CREATIVE, "status": "rejected"}, "room_no"),
            node("room_no", "branch", {"where": [HAS_ROOM]}, {"yes": "bad"}),
            post("bad", ROOM, f"❌ 소재 규격 Creative does not fit: {_NAME}",
                 card("❌ 소재가 규격에 맞지 않습니다 · The creative does not fit",
                      f"*{_NAME}* · {WHOSE}\n{of('reasons_ko')}\n{of('reasons_en')}", foot=_OPEN)),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"소재 승인하기 Look at the creative: {_NAME} ({of('name')})"}),
        ],
    },
    [
        Setting("channel", {"ko": "승인 채널", "en": "Ask in"}, "channel", "ad-ops"),
        Setting("within", {"ko": "승인까지", "en": "Approve within"}, "duration", "24h"),
    ],
    "campaign",
)  # fmt: skip

REJECTED = Recipe(
    "creative-rejected",
    {"ko": "반려된 소재 다시 받기", "en": "A creative was refused"},
    {
        "ko": "소재가 반려되면 담당자에게 고친 소재를 받으라는 할 일을 만들고, 새 소재가 오지 않으면 채널에 알립니다.",
        "en": "When a creative is refused its manager gets a task to bring a corrected one; the channel is told when"
              " none"
        " comes.",
    },
    {
        "trigger": {"event": "Creative Rejected", "key": "event", "subject": "event.properties.creative"},
        "nodes": [
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "2d",
                  "subject": f"고친 소재 받기 Get a corrected creative: {_NAME} ({of('name')})"}, "again"),
            node("again", "wait_event",
                 {"event": "Creative Received", "on": "event.properties.creative", "timeout": "[[within]]"},
                 {"timeout": "room"}),
            node("room", "branch", {"where": [HAS_ROOM]}, {"yes": "post"}),
            post("post", ROOM, f"<@{of('manager')}> 고친 소재가 아직 없습니다 · No corrected creative yet: *{_NAME}*,"
                               f" {WHOSE}"),
        ],
    },
    [Setting("within", {"ko": "다시 받기까지", "en": "A new one within"}, "duration", "2d")],
    "campaign",
)  # fmt: skip

_MISSING_FIELDS = [
    ("시작 Starts", of("start")),
    ("시작까지 Days left", of("days_before")),
    ("없는 소재 Missing", f"{of('missing')} / {of('wanted')}"),
    ("담당 Manager", f"<@{of('manager')}>"),
]

MISSING = Recipe(
    "creative-missing",
    {"ko": "소재 미도착, 닷새 전", "en": "Creative missing, five days before"},
    {
        "ko": "시작 5일 전까지 소재가 없으면 고객과 함께 쓰는 채널에 부탁하고, 하루가 지나도 없으면 담당자에게 할 일을"
        " 만듭니다.",
        "en": "When a creative is missing five days before the start, the client is asked for it in the channel; a day"
        " later the manager gets a task.",
    },
    {
        "trigger": {
            "event": "Creative Missing",
            "where": [HAS_ROOM, {"prop": "days_before", "op": ">", "value": {"$setting": "last"}}],
            # An alert is one spell of missing; it is told at five days and at two.
            "key": f"{of('alert')}:early", "subject": "object",
        },
        "nodes": [
            post("ask", ROOM, f"소재를 기다립니다 Waiting for a creative: {of('name')}",
                 card("🎨 소재를 기다립니다 · We need your creative",
                      f"{WHOSE}\n{of('start')}에 시작하려면 소재가 필요합니다. 이 채널에 올려 주세요."
                      f" · To start on {of('start')} we need the creative; please put it here.",
                      _MISSING_FIELDS, _OPEN), "received"),
            node("received", "wait_event",
                 {"event": "Creative Received", "on": "event.properties.line_item", "equals": of("line_item"),
                  "timeout": "[[after]]"}, {"timeout": "task"}),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"고객에게 소재 부탁하기 Ask the client for the creative: {of('name')}"}),
        ],
    },
    [
        Setting("after", {"ko": "기다리는 시간", "en": "Wait"}, "duration", "1d"),
        Setting("last", {"ko": "이 날수부터는 다음 자동화가", "en": "From so many days on the next recipe takes over"},
                "number", 2),
    ],
    "campaign",
)  # fmt: skip

MISSING_LATE = Recipe(
    "creative-escalation",
    {"ko": "소재 미도착, 이틀 전", "en": "Creative missing, two days before"},
    {
        "ko": "시작 2일 전에도 소재가 없으면 영업과 광고운영에 올려 시작을 미룰지 정하게 하고, 담당자에게 할 일을"
              " 만듭니다.",
        "en": "When a creative is still missing two days before the start, sales and ad operations are told to decide"
        " about the start, and the manager gets a task.",
    },
    {
        "trigger": {
            "event": "Creative Missing",
            "where": [{"prop": "days_before", "op": "<=", "value": {"$setting": "last"}}],
            "key": f"{of('alert')}:late", "subject": "object",
        },
        "nodes": [
            post("sales", "[[sales]]", f"🚨 소재 없이 D-{of('days_before')}: {of('name')} · No creative",
                 card(f"🚨 소재 없이 D-{of('days_before')} · No creative",
                      f"{WHOSE}\n고객에게 전화하거나 시작을 미뤄 주세요 · Call the client, or move the start.",
                      _MISSING_FIELDS, _OPEN), "ops"),
            post("ops", "[[ops]]",
                 f"🚨 소재 없이 D-{of('days_before')}: {WHOSE} · No creative, it starts on {of('start')}", next="task"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"시작을 미룰지 정하기 Decide about the start: {of('name')}"}),
        ],
    },
    [
        Setting("last", {"ko": "시작 며칠 전부터", "en": "From so many days before"}, "number", 2),
        Setting("sales", {"ko": "영업 채널", "en": "Sales' channel"}, "channel", "sales"),
        Setting("ops", {"ko": "광고운영 채널", "en": "Ad operations' channel"}, "channel", "ad-ops"),
    ],
    "campaign",
)  # fmt: skip
