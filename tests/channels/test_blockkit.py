"""Blocks are judged as Slack judges them: what is right passes, what is wrong is named with its place."""

from __future__ import annotations

from typing import Any

import pytest

from dure.channels.blockkit.blocks import BY_SURFACE, Surface
from dure.channels.blockkit.check import check, complete
from dure.channels.blockkit.fit import fit


def plain(text: str = "t") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str = "t") -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(n: int = 1) -> dict[str, Any]:
    return {"text": plain(f"Option {n}"), "value": f"v{n}"}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def select(kind: str = "static_select", **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "pick", "placeholder": plain("Pick"), **more}


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": marked(), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain("Name"), "element": element, **more}


def rich(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(parts)}


def runs(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
CONFIRM = {"title": plain("Sure?"), "text": marked("Really"), "confirm": plain("Yes"), "deny": plain("No")}
TASK = {"type": "task_card", "task_id": "1", "title": "Fetch", "status": "complete", "output": rich(runs())}

RIGHT: dict[str, dict[str, Any]] = {
    "section": section(fields=[marked()] * 10, accessory=button(confirm=CONFIRM), expand=True, block_id="b"),
    "section with a picture": section(accessory=PICTURE),
    "section with a menu": section(accessory=select(options=[option()], initial_option=option())),
    "section with people": section(accessory=select("multi_users_select", initial_users=["U1"], max_selected_items=3)),
    "section with overflow": section(accessory={"type": "overflow", "options": [option(n) for n in range(5)]}),
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": plain("x" * 150)},
    "image": {**PICTURE, "title": plain("A picture")},
    "image of a file": {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    "context": {"type": "context", "elements": [marked(), plain(), PICTURE]},
    "actions": actions(
        button(style="primary", value="1", url="https://example.com"),
        select(options=[option(n) for n in range(100)], action_id="a"),
        select("external_select", min_query_length=3, action_id="b"),
        select("conversations_select", filter={"include": ["public"]}, action_id="c"),
        {"type": "checkboxes", "options": [{"text": marked(), "value": "1"}], "action_id": "d"},
        {"type": "radio_buttons", "options": [option()], "initial_option": option(), "action_id": "e"},
        {"type": "datepicker", "initial_date": "2026-11-30", "action_id": "f"},
        {"type": "timepicker", "initial_time": "09:30", "timezone": "Asia/Seoul", "action_id": "g"},
        {"type": "datetimepicker", "initial_date_time": 1_763_866_800, "action_id": "h"},
    ),
    "grouped options": actions(select(option_groups=[{"label": plain(), "options": [option()]}])),
    "input": field({"type": "plain_text_input", "multiline": True, "min_length": 1, "max_length": 10}, hint=plain()),
    "number": field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
    "file input": field({"type": "file_input", "filetypes": ["pdf"], "max_files": 3}),
    "rich input": field({"type": "rich_text_input", "initial_value": rich(runs({"type": "text", "text": "hi"}))}),
    "rich text": rich(
        runs(
            {"type": "text", "text": "a", "style": {"bold": True, "code": False}},
            {"type": "link", "url": "https://example.com", "text": "b"},
            {"type": "user", "user_id": "U1"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "emoji", "name": "wave", "unicode": "1f44b"},
            {"type": "broadcast", "range": "here"},
            {"type": "date", "timestamp": 1_720_710_212, "format": "{date_num}", "fallback": "day"},
        ),
        {"type": "rich_text_list", "style": "ordered", "elements": [runs()], "indent": 1, "border": 0},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}], "border": 0},
        {"type": "rich_text_quote", "elements": []},
    ),
    "video": {
        "type": "video", "alt_text": "a", "title": plain(), "video_url": "https://example.com/v",
        "thumbnail_url": "https://example.com/t.png", "description": plain(), "author_name": "Mina",
    },
    "markdown": {"type": "markdown", "text": "**bold**"},
    "file": {"type": "file", "external_id": "1", "source": "remote"},
    "table": {
        "type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich(runs())]],
        "column_settings": [{"align": "right", "is_wrapped": True}],
    },
    "context actions": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons", "action_id": "f",
                "positive_button": {"text": plain(), "value": "+"}, "negative_button": {"text": plain(), "value": "-"},
            },
            {"type": "icon_button", "icon": "trash", "text": plain(), "action_id": "t"},
        ],
    },
    "plan": {"type": "plan", "title": "Work", "tasks": [TASK]},
    "task": TASK,
}  # fmt: skip

LONG = "x" * 3001
WRONG: list[tuple[Any, str, str]] = [
    ("x", "must provide an array", ""),
    ([{"type": "divider"}] * 51, "no more than 50 items allowed", ""),
    (["x"], "must provide an object", "/0"),
    ([{}], "missing required field: type", "/0"),
    ([{"type": "poem"}], "unsupported type: poem", "/0/type"),
    ([{"type": ["section"]}], "unsupported type: ['section']", "/0/type"),
    ([{"type": "divider", "colour": 1}], "invalid additional property: colour", "/0"),
    ([{"type": "divider", "block_id": "x" * 256}], "must be less than 256 characters", "/0/block_id"),
    ([{"type": "section", "text": "hi"}], "must provide an object", "/0/text"),
    ([{"type": "section"}], "must define either `text` or `fields`", "/0/type"),
    ([section(text=marked(""))], "must be more than 0 characters", "/0/text/text"),
    ([section(text=marked(LONG))], "must be less than 3001 characters", "/0/text/text"),
    ([section(text=marked(7))], "must provide a string", "/0/text/text"),  # type: ignore[arg-type]
    ([section(fields=[marked()] * 11)], "no more than 10 items allowed", "/0/fields"),
    ([section(fields=[marked("x" * 2001)])], "must be less than 2001 characters", "/0/fields/0/text"),
    ([section(accessory={"type": "plain_text_input"})],
     "unsupported type: plain_text_input", "/0/accessory/type"),
    ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters", "/0/text/text"),
    ([{"type": "header", "text": marked()}], "unsupported type: mrkdwn", "/0/text/type"),
    ([{"type": "image", "image_url": "https://e.x/a"}], "missing required field: alt_text", "/0"),
    ([{"type": "image", "alt_text": "a"}], "must define either `image_url` or `slack_file`", "/0/type"),
    ([{**PICTURE, "image_url": "https://e.x/" + LONG}],
     "must be less than 3001 characters", "/0/image_url"),
    ([{"type": "context", "elements": [marked()] * 11}], "no more than 10 items allowed", "/0/elements"),
    ([{"type": "context", "elements": [button()]}], "unsupported type: button", "/0/elements/0/type"),
    ([actions()], "no less than 1 items allowed", "/0/elements"),
    ([actions(*[button(action_id=str(n)) for n in range(26)])],
     "no more than 25 items allowed", "/0/elements"),
    ([actions(button(text=plain("x" * 76)))],
     "must be less than 76 characters", "/0/elements/0/text/text"),
    ([actions(button(style="loud"))], "must be a valid enum value", "/0/elements/0/style"),
    ([actions(button(value="x" * 2001))], "must be less than 2001 characters", "/0/elements/0/value"),
    ([actions(button(url="javascript:alert(1)"))], "must be a valid URL", "/0/elements/0/url"),
    ([actions(button(action_id="x" * 256))],
     "must be less than 256 characters", "/0/elements/0/action_id"),
    ([actions(button(confirm={**CONFIRM, "text": None}))],
     "must provide an object", "/0/elements/0/confirm/text"),
    ([actions(select())], "must define either `options` or `option_groups`", "/0/elements/0/type"),
    ([actions(select(options=[option(n) for n in range(101)]))],
     "no more than 100 items allowed", "/0/elements/0/options"),
    ([actions(select(options=[{"text": plain("x" * 76), "value": "1"}]))],
     "must be less than 76 characters", "/0/elements/0/options/0/text/text"),
    ([actions(select(options=[option()], placeholder=plain("x" * 151)))],
     "must be less than 151 characters", "/0/elements/0/placeholder/text"),
    ([actions({"type": "overflow", "options": [option(n) for n in range(6)]})],
     "no more than 5 items allowed", "/0/elements/0/options"),
    ([actions({"type": "checkboxes", "options": [option(n) for n in range(11)]})],
     "no more than 10 items allowed", "/0/elements/0/options"),
    ([actions({"type": "datepicker", "initial_date": "30.11.2026"})],
     "must be a date such as 2026-11-30", "/0/elements/0/initial_date"),
    ([field({"type": "number_input"})], "missing required field: is_decimal_allowed", "/0/element"),
    ([field({"type": "plain_text_input", "min_length": 9, "max_length": 3})],
     "`min_length` must be less than or equal to `max_length`", "/0/element/min_length"),
    ([field(button())], "unsupported type: button", "/0/element/type"),
    ([field({"type": "plain_text_input"}, optional="yes")], "must provide a boolean", "/0/optional"),
    ([rich(runs({"type": "user"}))], "missing required field: user_id", "/0/elements/0/elements/0"),
    ([rich({"type": "rich_text_list", "style": "round", "elements": []})],
     "must be a valid enum value", "/0/elements/0/style"),
    ([{"type": "markdown", "text": "x" * 12_001}], "must be less than 12001 characters", "/0/text"),
    ([RIGHT["table"], RIGHT["table"]], "only one table is allowed", "/1/type"),
    ([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
     'block_id "a" already exists', "/1/block_id"),
    ([{**actions(button(), button()), "block_id": "b"}],
     'action_id "go" already exists for block_id "b"', "/0/elements/1/action_id"),
]  # fmt: skip


@pytest.mark.parametrize("block", RIGHT.values(), ids=RIGHT.keys())
def test_what_slack_takes_is_taken(block: dict[str, Any]) -> None:
    assert check([block]) == []


def test_every_type_of_block_is_tried() -> None:
    assert {block["type"] for block in RIGHT.values()} | {"call"} == set(BY_SURFACE["message"])


@pytest.mark.parametrize(("blocks", "finding", "place"), WRONG, ids=[f"{what} {where}" for _, what, where in WRONG])
def test_what_slack_refuses_is_refused_with_its_place(blocks: Any, finding: str, place: str) -> None:
    assert check(blocks) == [f"{finding} [json-pointer:/blocks{place}]"]


@pytest.mark.parametrize("surface", ["modal", "home"])
def test_views_hold_a_hundred_blocks_and_not_those_of_messages(surface: Surface) -> None:
    assert check([{"type": "divider"}] * 100, surface) == []
    assert check([{"type": "divider"}] * 101, surface) == ["no more than 100 items allowed [json-pointer:/view/blocks]"]
    assert check([RIGHT["markdown"]], surface) == ["unsupported type: markdown [json-pointer:/view/blocks/0/type]"]
    assert check([], surface) == ["no less than 1 items allowed [json-pointer:/view/blocks]"]
    assert check([RIGHT["input"]], surface) == []


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert len(check([{"type": "section"}, {"type": "poem"}, section(text=marked(""))])) == 3


def test_ids_that_are_missing_are_given_and_stay_when_the_message_is_written_anew() -> None:
    def fresh() -> list[dict[str, Any]]:
        return [{"type": "divider"}, section(block_id="mine", accessory={"type": "button", "text": plain()}),
                actions({"type": "button", "text": plain()}, {"type": "button", "text": plain(), "action_id": "own"},
                        {"type": "button", "text": plain()})]  # fmt: skip

    first, again = complete(fresh()), complete(fresh())
    assert first == again
    assert check(first) == []
    assert first[1]["block_id"] == "mine"
    assert len({block["block_id"] for block in first}) == 3
    assert first[2]["elements"][1]["action_id"] == "own"
    assert len({element["action_id"] for element in first[2]["elements"]}) == 3
    assert first[1]["accessory"]["action_id"]


def test_a_card_that_is_filled_with_data_is_made_to_fit_and_nothing_else_is() -> None:
    card = [{"type": "header", "text": plain("x" * 200)}, section(text=marked(""), fields=[marked("y" * 2500)]),
            actions(button(text=plain("z" * 90))), {"type": "context", "elements": [marked(" ")]}]  # fmt: skip
    fitted = fit(card)
    assert check(fitted) == []
    assert fitted is not None
    assert (fitted[0]["text"]["text"][-2:], fitted[1]["text"]["text"]) == ("x…", "–")
    assert fit([{"type": "poem"}, "x"]) == [{"type": "poem"}, "x"]
    assert fit([section()]) == [section()]


def test_an_id_that_somebody_chose_is_never_given_to_another() -> None:
    given = complete([{"type": "divider"}, {"type": "divider"}])[0]["block_id"]
    blocks = complete([{"type": "divider"}, {"type": "divider", "block_id": given}])
    assert check(blocks) == []


def test_hostile_values_are_findings_and_not_errors() -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = {"type": "rich_text", "elements": [deep]}
    odd = [{"type": "actions", "elements": {"0": {}}}, {"type": "context", "elements": [None, [], 1]}]
    for value in (deep, None, True, 7, [], {"type": None}, {"type": {}}, {"type": "section", "text": None}, *odd):
        assert check([value])
