"""What a session's owner recognises it by: the browser and the system, in a few words.

The address somebody came from is not kept with a session: behind a company's or a mobile network's it says little of
who it was, it would be one more thing about people that can leak, and what is not kept needs no end. For a few
minutes the limits of guessing know it (`limits.py`).
"""

from __future__ import annotations

import ua_parser

_LONGEST = 300


def summary(user_agent: str) -> str:
    """`Chrome · Windows`; "" for what says nothing of itself."""
    parsed = ua_parser.parse(user_agent[:_LONGEST])
    browser = parsed.user_agent.family if parsed.user_agent else ""
    system = parsed.os.family if parsed.os else ""
    return " · ".join(part for part in (browser, system) if part and part != "Other")
