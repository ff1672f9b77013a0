"""Rich text: sections, lists, quotes and code of runs of text, links, people and emoji."""

from __future__ import annotations

from dure.channels.blockkit.composition import block_id, kind
from dure.channels.blockkit.shape import anything, by_type, flag, many, one_of, shape, text, whole

_style = shape(
    {},
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag),
)
_S = {"style": _style}
_id = text(255)
_RUNS = {
    "text": shape({"type": kind, "text": text(40_000, 0)}, _S),
    "link": shape({"type": kind, "url": text(3000)}, {**_S, "text": text(40_000, 0), "unsafe": flag}),
    "emoji": shape(
        {"type": kind, "name": text(100)},
        {**_S, "unicode": text(255), "url": text(3000), "skin_tone": anything, "display_team_id": anything},
    ),
    "user": shape({"type": kind, "user_id": _id}, _S),
    "usergroup": shape({"type": kind, "usergroup_id": _id}, _S),
    "team": shape({"type": kind, "team_id": _id}, _S),
    "channel": shape({"type": kind, "channel_id": _id}, {**_S, "team_id": _id}),
    "broadcast": shape({"type": kind, "range": one_of("here", "channel", "everyone")}, _S),
    "color": shape({"type": kind, "value": text(20)}, _S),
    "date": shape(
        {"type": kind, "timestamp": whole(0, 9_999_999_999), "format": text(1000)},
        {**_S, "url": text(3000), "fallback": text(3000)},
    ),
}
_runs = many(by_type(_RUNS), 5000, 0)
_section = shape({"type": kind, "elements": _runs})
_border = whole(0, 1)

_PARTS = {
    "rich_text_section": _section,
    "rich_text_preformatted": shape({"type": kind, "elements": _runs}, {"border": _border, "language": text(100)}),
    "rich_text_quote": shape({"type": kind, "elements": _runs}, {"border": _border}),
    "rich_text_list": shape(
        {
            "type": kind,
            "style": one_of("bullet", "ordered"),
            "elements": many(by_type({"rich_text_section": _section}), 1000, 0),
        },
        {"indent": whole(0, 8), "offset": whole(0, 1_000_000), "border": _border},
    ),
}

rich_text = by_type(
    {"rich_text": shape({"type": kind, "elements": many(by_type(_PARTS), 1000, 0)}, {"block_id": block_id})}
)
