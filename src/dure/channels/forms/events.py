"""What forms, commands and shortcuts write to the feed."""

from __future__ import annotations

from dure.automation.plugs import EventKind

FORM_CREATED = "Form Created"
FORM_CHANGED = "Form Changed"
FORM_CLOSED = "Form Closed"
ASKED = "Question Posted"
ANSWERED = "Form Answered"
COMMAND = "Command Used"
SHORTCUT = "Shortcut Used"
PRESSED = "Card Pressed"

_WHERE = {"channel": "channel id, or nothing", "ts": "text", "thread_ts": "text", "channel_name": "text"}
EVENTS: list[EventKind] = [
    EventKind(
        ANSWERED, {"ko": "양식이나 승인에 답함", "en": "A form or an approval was answered"}, "channels",
        {"what": "form or approval", "form": "the form's name, or nothing", "ask": "id of what was asked",
         "title": "text", "by": "user id", "values": "the answers by field", "decision": "yes or no", "note": "text",
         "text": "the answers as lines for a message", "asked_by_run": "automation run", **_WHERE},
    ),
    EventKind(
        ASKED, {"ko": "채널에 물음을 올림", "en": "A question was posted in a channel"}, "channels",
        {"what": "form or approval", "form": "the form's name, or nothing", "ask": "id", "title": "text",
         "of": "user ids", **_WHERE},
    ),
    EventKind(
        COMMAND, {"ko": "명령을 침", "en": "A slash command was typed"}, "channels",
        {"command": "such as /pitch", "text": "what was typed after it",
         "text_plain": "the text with what a message would read as markup made plain", "user": "user id",
         "mentions": "ids of the people it names", **_WHERE},
    ),
    EventKind(
        PRESSED, {"ko": "자동화가 올린 카드를 누름", "en": "A card that an automation keeps was pressed"}, "channels",
        {"card": "the card's name", "block": "block_id", "action": "action_id", "value": "what was pressed or chosen",
         "user": "user id", "guest": "true where a guest or somebody of another organisation pressed", **_WHERE},
    ),
    EventKind(
        SHORTCUT, {"ko": "메시지 메뉴에서 고름", "en": "Chosen from a message's menu"}, "channels",
        {"shortcut": "its name", "user": "user id", "author": "user id of whoever wrote the message",
         "text": "the message, of open channels only", **_WHERE},
    ),
]  # fmt: skip
