"""What blocks and elements are composed of: texts, options, confirmations, filters."""

from __future__ import annotations

from functools import cache

from dure.channels.blockkit.shape import (
    Check,
    anything,
    by_type,
    either,
    flag,
    many,
    not_both,
    one_of,
    shape,
    text,
    url,
)

kind = anything  # `type` is looked at where the shape is chosen
block_id = text(255, 0)
action_id = text(255, 0)


@cache
def plain(largest: int, smallest: int = 1) -> Check:
    """A text object without markup."""
    return by_type({"plain_text": shape({"type": kind, "text": text(largest, smallest)}, {"emoji": flag})})


@cache
def marked(largest: int) -> Check:
    """A text object with or without markup."""
    return by_type(
        {
            "plain_text": shape({"type": kind, "text": text(largest)}, {"emoji": flag}),
            "mrkdwn": shape({"type": kind, "text": text(largest)}, {"verbatim": flag}),
        }
    )


placeholder = plain(150)

style = one_of("primary", "danger")

confirm = shape(
    {"title": plain(100), "text": marked(300), "confirm": plain(30), "deny": plain(30)}, {"style": style, "type": kind}
)

option = shape({"text": plain(75), "value": text(150)}, {"description": plain(75)})
# Of radio buttons and checkboxes.
marked_option = shape({"text": marked(75), "value": text(150)}, {"description": marked(75)})
overflow_option = shape({"text": plain(75)}, {"value": text(150), "description": plain(75), "url": url})
option_group = shape({"label": plain(75), "options": many(option, 100)})

conversation_filter = shape(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    either("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
dispatch = shape({}, {"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)})
slack_file = shape({}, {"id": text(255), "url": text(3000)}, either("id", "url"), not_both("id", "url"))
# What Slack keeps about a picture is sent back by clients that copy a message.
measured = {
    "image_width": anything, "image_height": anything, "image_bytes": anything, "is_animated": anything,
    "fallback": anything,
}  # fmt: skip
