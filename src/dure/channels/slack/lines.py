"""What a channel says of itself: the lines that acts such as joining leave in it, in Slack's words."""

from __future__ import annotations


def line(subtype: str, user: str, about: str = "") -> dict[str, str] | None:
    """The text of a line and what else it carries; None for what is no such line.

    `about` is what is kept with it: the new topic, purpose or name.
    """
    match subtype:
        case "channel_join":
            return {"text": f"<@{user}> has joined the channel"}
        case "channel_leave":
            return {"text": f"<@{user}> has left the channel"}
        case "channel_topic" | "channel_purpose":
            what = subtype.removeprefix("channel_")
            return {"text": f"set the channel {what}: {about}", what: about}
        case "channel_name":
            return {"text": f"has renamed the channel to {about}", "name": about}
    return None
