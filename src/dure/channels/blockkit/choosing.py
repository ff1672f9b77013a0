"""Elements by which something is chosen: menus, buttons, boxes, dates."""

from __future__ import annotations

from collections.abc import Mapping

from dure.channels.blockkit.composition import (
    action_id,
    confirm,
    conversation_filter,
    kind,
    marked_option,
    option,
    option_group,
    overflow_option,
    placeholder,
    plain,
    style,
)
from dure.channels.blockkit.shape import (
    Check,
    either,
    flag,
    many,
    not_both,
    one_of,
    pattern,
    shape,
    text,
    url,
    whole,
)

_SELF = {"type": kind}
_ACTS: dict[str, Check] = {"action_id": action_id, "confirm": confirm, "focus_on_load": flag}
_MENU: dict[str, Check] = {**_ACTS, "placeholder": placeholder}
_SEVERAL: dict[str, Check] = {"max_selected_items": whole(1, 1_000_000)}
_OPTIONS: dict[str, Check] = {"options": many(option, 100), "option_groups": many(option_group, 100)}
_ids = many(text(255), 100)
_id = text(255)
_choices = (either("options", "option_groups"), not_both("options", "option_groups"))
_CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": flag, "filter": conversation_filter}

_parameter = shape({"name": text(255), "value": text(3000, 0)})

BUTTONS: Mapping[str, Check] = {
    "button": shape(
        {**_SELF, "text": plain(75)},
        {"action_id": action_id, "url": url, "value": text(2000, 0), "style": style, "confirm": confirm,
         "accessibility_label": text(75)},
    ),
    "workflow_button": shape(
        {
            **_SELF, "text": plain(75),
            "workflow": shape(
                {
                    "trigger": shape(
                        {"url": url},
                        {"customizable_input_parameters": many(_parameter, 100, 0)},
                    )
                }
            ),
        },
        {"action_id": action_id, "style": style, "accessibility_label": text(75)},
    ),
    "overflow": shape(
        {**_SELF, "options": many(overflow_option, 5)}, {"action_id": action_id, "confirm": confirm}
    ),
}  # fmt: skip

MENUS: Mapping[str, Check] = {
    "static_select": shape(_SELF, {**_MENU, **_OPTIONS, "initial_option": option}, *_choices),
    "external_select": shape(_SELF, {**_MENU, "initial_option": option, "min_query_length": whole(0, 75)}),
    "users_select": shape(_SELF, {**_MENU, "initial_user": _id}),
    "conversations_select": shape(
        _SELF, {**_MENU, **_CONVERSATIONS, "initial_conversation": _id, "response_url_enabled": flag}
    ),
    "channels_select": shape(_SELF, {**_MENU, "initial_channel": _id, "response_url_enabled": flag}),
}

MULTI_MENUS: Mapping[str, Check] = {
    "multi_static_select": shape(
        _SELF, {**_MENU, **_SEVERAL, **_OPTIONS, "initial_options": many(option, 100)}, *_choices
    ),
    "multi_external_select": shape(
        _SELF, {**_MENU, **_SEVERAL, "initial_options": many(option, 100), "min_query_length": whole(0, 75)}
    ),
    "multi_users_select": shape(_SELF, {**_MENU, **_SEVERAL, "initial_users": _ids}),
    "multi_conversations_select": shape(_SELF, {**_MENU, **_SEVERAL, **_CONVERSATIONS, "initial_conversations": _ids}),
    "multi_channels_select": shape(_SELF, {**_MENU, **_SEVERAL, "initial_channels": _ids}),
}

BOXES: Mapping[str, Check] = {
    "checkboxes": shape(
        {**_SELF, "options": many(marked_option, 10)}, {**_ACTS, "initial_options": many(marked_option, 10)}
    ),
    "radio_buttons": shape({**_SELF, "options": many(marked_option, 10)}, {**_ACTS, "initial_option": marked_option}),
}

_date = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date such as 2026-11-30")
_time = pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time such as 09:30")
DATES: Mapping[str, Check] = {
    "datepicker": shape(_SELF, {**_MENU, "initial_date": _date}),
    "timepicker": shape(_SELF, {**_MENU, "initial_time": _time, "timezone": text(100)}),
}
MOMENTS: Mapping[str, Check] = {
    "datetimepicker": shape(_SELF, {**_ACTS, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}),
}

_feedback = shape({"text": plain(75), "value": text(2000)}, {"accessibility_label": text(75)})
BESIDE: Mapping[str, Check] = {
    "feedback_buttons": shape(
        {**_SELF, "positive_button": _feedback, "negative_button": _feedback}, {"action_id": action_id}
    ),
    "icon_button": shape(
        {**_SELF, "icon": one_of("trash"), "text": plain(75)},
        {"action_id": action_id, "value": text(2000), "confirm": confirm, "accessibility_label": text(75),
         "visible_to_user_ids": _ids},
    ),
}  # fmt: skip
