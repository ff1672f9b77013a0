"""From the first brief to the signed order: forms and approvals in a deal's room."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.deals.recipes.rooms import HAS_ROOM, NOT_LOADED, ROOM, deal_card
from dure.kernel.cards import answer, approval, ask, card, link, node, of, post, said, text_field

_OPEN = link("거래 열기 Open the deal")
_WITHIN = Setting("within", {"ko": "답을 기다리는 기간", "en": "Wait for the answer"}, "duration", "2d")

PITCH_BRIEF = Recipe(
    "pitch-brief",
    {"ko": "제안 브리프 양식", "en": "Pitch and brief form"},
    {
        "ko": "거래 채널이 생기면 담당자에게 브리프 양식을 묻고, 답을 노트로 남기고 제안서 할 일을 만듭니다. 답이"
              " 없으면"
        " 한 번 더 부탁합니다.",
        "en": "When a deal gets its room its owner is asked for the brief; the answers become a note and a task for the"
        " proposal. Without an answer it asks once more.",
    },
    {
        "trigger": {
            "event": "Deal Changed",
            "where": [{"prop": "changed", "op": "contains", "value": "channel"}, HAS_ROOM, NOT_LOADED],
            # One brief a deal, also when its room changes.
            "key": "event.properties.deal", "subject": "object",
        },
        "nodes": [
            *ask(
                "brief", ROOM, ("제안 브리프", "Pitch brief"),
                [
                    text_field("goal", "집행 목표", "What the campaign is for", "long_text"),
                    text_field("audience", "타깃", "Audience"),
                    text_field("budget", "예산", "Budget"),
                    text_field("from", "시작일", "Starts", "date"),
                    text_field("to", "종료일", "Ends", "date"),
                    text_field("must", "꼭 들어가야 할 것", "Must have", "long_text", required=False),
                ],
                answered="note", timeout="[[within]]", silent="remind", of=[of("owner")],
                text=f"<@{of('owner')}> {of('account_name')} 제안을 위해 알려 주세요 · Please tell us for the pitch",
            ),
            post("remind", ROOM, f"<@{of('owner')}> 브리프가 아직 없습니다. 위 카드에서 채워 주세요. · The brief is"
                                 f" still"
                 " missing; the form is above.", next="again"),
            node("again", "wait_event",
                 {"event": "Form Answered", "on": "event.properties.ask", "equals": "{{ steps.brief.ask }}",
                  "timeout": "14d"}, {"event": "late"}),
            node("late", "deals.note", {"about": of("deal"), "title": "브리프 Brief",
                                        "text": "{{ steps.again.event.properties.text }}"}, "task"),
            node("note", "deals.note",
                 {"about": of("deal"), "title": "브리프 Brief", "text": said("brief", "text")}, "task"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "[[due]]d",
                  "subject": f"제안서 쓰기 Write the proposal: {of('name')}"}, "told"),
            post("told", ROOM, f"📝 브리프를 거래 노트에 남겼습니다. 제안서 기한은 [[due]]일입니다. · The brief is a"
                               f" note of"
                 f" the deal; the proposal is due in [[due]] days. {_OPEN}"),
        ],
    },
    [_WITHIN, Setting("due", {"ko": "제안서 기한 (일)", "en": "Proposal within (days)"}, "number", 5)],
    "campaign",
)  # fmt: skip

PROPOSAL_APPROVAL = Recipe(
    "proposal-approval",
    {"ko": "제안 승인", "en": "Proposal approval"},
    {
        "ko": "금액이 큰 거래가 제안 단계에 들어서면 승인할 팀에게 묻고, 결과를 다음 할 일에 적고 알립니다. 답이"
              " 없으면 다시"
        " 알립니다.",
        "en": "When a large deal reaches its proposal the approving team is asked; the answer is written into the next"
        " step and told. Without an answer it is told again.",
    },
    {
        "trigger": {
            "event": "Deal Stage Changed",
            "where": [{"prop": "to", "op": "=", "value": "[[stage]]"},
                      {"prop": "amount", "op": ">=", "value": {"$setting": "least"}}, NOT_LOADED],
            # A proposal that comes back to the stage is a new one to be approved.
            "key": f"{of('deal')}:{of('entry')}", "subject": "object",
        },
        "nodes": [
            *approval(
                "approve", "[[channel]]",
                (f"제안을 승인할까요? {of('name')}", f"Approve the proposal? {of('name')}"),
                yes="write_yes", no="write_no", timeout="[[within]]", silent="remind", function="[[function]]",
                text=f"{of('account_name')} · {of('amount_text')} · <@{of('owner')}>",
                blocks=deal_card("제안 승인 · Proposal approval"),
            ),
            node("write_yes", "deals.update",
                 {"deal": of("deal"), "next_step": "승인된 제안 보내기 Send the approved proposal"}, "room_yes"),
            node("room_yes", "branch", {"where": [HAS_ROOM]}, {"yes": "yes"}),
            post("yes", ROOM, f"✅ 제안 승인 Approved by <@{said('approve', 'by')}> {said('approve', 'note')}"),
            node("write_no", "deals.update",
                 {"deal": of("deal"), "next_step": "제안 고치기 Revise the proposal"}, "task_no"),
            node("task_no", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "2d",
                  "subject": f"제안 고치기 Revise the proposal: {of('name')}"}, "room_no"),
            node("room_no", "branch", {"where": [HAS_ROOM]}, {"yes": "no"}),
            post("no", ROOM, f"↩️ 제안 반려 Sent back by <@{said('approve', 'by')}> {said('approve', 'note')}"),
            post("remind", "[[channel]]", f"⏰ [[within]]째 승인을 기다립니다 · Waiting for approval for [[within]]:"
                 f" *{of('name')}* {_OPEN}", thread="{{ steps.approve.ts }}"),
        ],
    },
    [
        Setting("stage", {"ko": "단계", "en": "Stage"}, "stage", "Proposal"),
        Setting("least", {"ko": "이 금액부터", "en": "From this amount"}, "money", 100_000_000),
        Setting("channel", {"ko": "승인 채널", "en": "Ask in"}, "channel", "sales"),
        Setting("function", {"ko": "승인하는 팀", "en": "Team that approves"}, "function", "sales"),
        _WITHIN,
    ],
    "campaign",
)  # fmt: skip

IO_CHECKLIST = Recipe(
    "io-checklist",
    {"ko": "인서션 오더 점검", "en": "Insertion-order checklist"},
    {
        "ko": "수주하면 담당자에게 예산, 기간, 지면, 단가가 다 정해졌는지 묻고, 다 되면 광고운영에 세팅을 맡깁니다."
              " 빠진"
        " 것이 있으면 담당자에게 할 일을 만듭니다.",
        "en": "When a deal is won its owner confirms budget, dates, placements and rates; complete, ad operations are"
        " asked to set it up, else the owner gets a task.",
    },
    {
        "trigger": {"event": "Deal Won", "where": [HAS_ROOM, NOT_LOADED], "key": "event.properties.deal",
                    "subject": "object"},
        "nodes": [
            *ask(
                "io", ROOM, ("인서션 오더 점검", "Insertion-order checklist"),
                [
                    text_field("budget", "예산과 통화", "Budget and currency"),
                    text_field("dates", "집행 기간", "Flight dates"),
                    text_field("placements", "지면과 포맷", "Placements and formats", "long_text"),
                    text_field("rates", "단가", "Rates"),
                    text_field("signed", "서명한 오더", "Signed order", "choice",
                               choices=[{"value": "yes", "title": {"ko": "받음", "en": "Received"}},
                                        {"value": "no", "title": {"ko": "아직", "en": "Not yet"}}]),
                ],
                answered="note", timeout="[[within]]", silent="chase", of=[of("owner")],
                text=f"<@{of('owner')}> 세팅을 시작하려면 이 다섯 가지가 필요합니다 · Needed before anything is set up",
            ),
            node("note", "deals.note",
                 {"about": of("deal"), "title": "인서션 오더 Insertion order", "text": said("io", "text")}, "signed"),
            node("signed", "branch",
                 {"where": [{"prop": "steps.io_answer.event.properties.values.signed", "op": "=", "value": "yes"}]},
                 {"yes": "hand", "no": "chase"}),
            post("hand", "[[channel]]", f"세팅 요청 Ready to be set up: {of('name')}",
                 card("🧾 세팅 요청 · Ready to be set up", f"*{of('name')}* · <@{of('owner')}>",
                      [("예산 Budget", answer("io", "budget")), ("기간 Dates", answer("io", "dates")),
                       ("지면 Placements", answer("io", "placements")), ("단가 Rates", answer("io", "rates"))], _OPEN)),
            node("chase", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "1d",
                  "subject": f"오더에 빠진 것 받기 Complete the order: {of('name')}"}, "tell"),
            post("tell", ROOM, f"<@{of('owner')}> 오더가 아직 다 되지 않아 세팅을 시작하지 못합니다. · The order is not"
                 " complete, so nothing can be set up yet."),
        ],
    },
    [_WITHIN, Setting("channel", {"ko": "광고운영 채널", "en": "Ad operations' channel"}, "channel", "ad-ops")],
    "campaign",
)  # fmt: skip

LOST_REASON = Recipe(
    "lost-reason",
    {"ko": "실주 이유 묻기", "en": "Ask why a deal was lost"},
    {
        "ko": "이유 없이 실주한 거래의 담당자에게 이유를 묻고 거래에 적습니다. 답이 없으면 할 일을 만듭니다.",
        "en": "The owner of a deal lost without a reason is asked for it, and it is written into the deal. Without an"
        " answer there is a task.",
    },
    {
        "trigger": {
            "event": "Deal Lost", "where": [{"prop": "reason", "op": "=", "value": ""}, NOT_LOADED],
            "key": f"{of('deal')}:{of('entry')}", "subject": "object",
        },
        "nodes": [
            node("room", "branch", {"where": [HAS_ROOM]}, {"yes": "ask_room", "no": "ask_team"}),
            *ask("ask_room", ROOM, _ASKED := ("왜 실주했나요?", "Why was it lost?"), _REASONS := [
                text_field("reason", "가장 큰 이유", "Main reason", "choice", choices=[
                    {"value": "price", "title": {"ko": "가격", "en": "Price"}},
                    {"value": "competitor", "title": {"ko": "경쟁사", "en": "Competitor"}},
                    {"value": "timing", "title": {"ko": "시기", "en": "Timing"}},
                    {"value": "no budget", "title": {"ko": "예산 없음", "en": "No budget"}},
                    {"value": "no answer", "title": {"ko": "연락 끊김", "en": "No answer"}},
                    {"value": "other", "title": {"ko": "그 밖", "en": "Other"}},
                ]),
                text_field("more", "배운 것", "What we learned", "long_text", required=False),
            ], answered="write_room", timeout="[[within]]", silent="task", of=[of("owner")],
                text=f"<@{of('owner')}> *{of('name')}*"),
            *ask("ask_team", "[[channel]]", _ASKED, _REASONS, answered="write_team", timeout="[[within]]",
                 silent="task", of=[of("owner")], text=f"<@{of('owner')}> *{of('name')}*"),
            node("write_room", "deals.update",
                 {"deal": of("deal"), "lost_reason": answer("ask_room", "reason")}, "note_room"),
            node("note_room", "deals.note",
                 {"about": of("deal"), "title": "실주 이유 Why it was lost", "text": said("ask_room", "text")}),
            node("write_team", "deals.update",
                 {"deal": of("deal"), "lost_reason": answer("ask_team", "reason")}, "note_team"),
            node("note_team", "deals.note",
                 {"about": of("deal"), "title": "실주 이유 Why it was lost", "text": said("ask_team", "text")}),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "1d",
                  "subject": f"실주 이유 적기 Say why it was lost: {of('name')}"}),
        ],
    },
    [
        Setting("channel", {"ko": "거래 채널이 없으면", "en": "Where the deal has no room"}, "channel", "sales"),
        _WITHIN,
    ],
    "sales",
)  # fmt: skip
