"""Which of the messages that wait are questions: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dure.channels.customer.model import Question
from dure.kernel.asking import asks

EXCERPT = 280


def open_questions(waiting: Sequence[Question]) -> list[Question]:
    """One question a place (a channel's top level, a thread): the first message that asks for something, with how many
    wait behind it. Thanks and promises ask for nothing. A thread on what was said after the question waits with it.

    `waiting` are unanswered messages, the oldest first.
    """
    found: dict[tuple[str, int], Question] = {}
    for one in waiting:
        place = (one.channel, one.thread)
        if place in found:
            found[place] = replace(found[place], messages=found[place].messages + 1)
        elif asks(one.text):
            found[place] = replace(one, text=one.text[:EXCERPT])
    tops = {channel: one.asked for (channel, thread), one in found.items() if not thread}
    return sorted(
        (one for one in found.values() if not one.thread or one.thread < tops.get(one.channel, 1 << 62)),
        key=lambda one: one.asked,
    )
