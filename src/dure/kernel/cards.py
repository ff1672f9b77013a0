"""Cards as ready automations post them: Slack's blocks as plain values, Korean and English side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_SITE = '{{ run.site | default: "" }}'


def words(text: str) -> dict[str, str]:
    """A text with Slack's markup."""
    return {"type": "mrkdwn", "text": text}


def of(name: str) -> str:
    """The place of one of the event's properties in a text."""
    return "{{ event.properties." + name + " }}"


def field(label: str, value: str) -> dict[str, str]:
    """One of a card's facts. A value may be empty; Slack wants a text all the same."""
    return words(f"*{label}*\n{value} ")


def link(label: str, path: str = "{{ event.properties.path }}") -> str:
    """A link to one of Dure's screens."""
    return f"<{_SITE}{path}|{label}>"


def card(head: str, sentence: str = "", fields: Iterable[tuple[str, str]] = (), foot: str = "") -> list[dict[str, Any]]:
    """A head, a sentence, facts two in a row (label, value), and a small line at the foot."""
    blocks: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": head}}]
    facts = [field(label, value) for label, value in fields]
    if sentence:
        blocks.append({"type": "section", "text": words(sentence)})
    if facts:
        blocks.append({"type": "section", "fields": facts})
    if foot:
        blocks.append({"type": "context", "elements": [words(foot)]})
    return blocks


def post(
    id: str, channel: str, text: str, blocks: list[dict[str, Any]] | str | None = None, next: str | None = None,
    thread: str = "", card: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A node that posts a message; under a `card` name the one that stands there is changed."""
    given: dict[str, Any] = {"channel": channel, "text": text}
    if blocks:
        given["blocks"] = blocks
    if thread:
        given["thread"] = thread
    if card:
        given["card"] = card
    return node(id, "channels.post", given, next)


def node(id: str, kind: str, given: dict[str, Any] | None = None, next: Any = None, **more: Any) -> dict[str, Any]:
    """A node as definitions have it; without `next` the run ends there."""
    made: dict[str, Any] = {"id": id, "kind": kind, **more}
    if given:
        made["with"] = given
    if next is not None:
        made["next"] = next
    return made


def ask(
    id: str, channel: str, title: tuple[str, str], fields: list[dict[str, Any]], *, answered: str, timeout: str,
    silent: str | None = None, **more: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """Nodes that put a form (`title` in Korean and English) to a channel and wait for its answer: then `answered` is
    next, `silent` where none came in time. The answers are `{{ steps.<id>_answer.event.properties.values.x }}`."""
    given = {"channel": channel, "title": {"ko": title[0], "en": title[1]}, "fields": fields, **more}
    return [node(id, "channels.ask", given, f"{id}_answer"), *_awaited(id, answered, timeout, silent)]


def approval(
    id: str, channel: str, question: tuple[str, str], *, yes: str, no: str | None = None, timeout: str,
    silent: str | None = None, **more: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """Nodes that ask a channel for a yes or a no and wait for it; who decided is
    `{{ steps.<id>_answer.event.properties.by }}`."""
    given = {"channel": channel, "question": {"ko": question[0], "en": question[1]}, **more}
    led = {"yes": yes} | ({"no": no} if no else {})
    agreed = [{"prop": f"steps.{id}_answer.event.properties.decision", "op": "=", "value": "yes"}]
    return [
        node(id, "channels.approval", given, f"{id}_answer"),
        *_awaited(id, f"{id}_agreed", timeout, silent),
        node(f"{id}_agreed", "branch", {"where": agreed}, led),
    ]


def answer(id: str, name: str) -> str:
    """The place of a field's answer in a text; `ask` was the question's node."""
    return "{{ steps." + id + "_answer.event.properties.values." + name + ' | default: "–" }}'


def said(id: str, name: str) -> str:
    """The place of something else that was told with an answer: `by`, `decision`, `note`, `text`."""
    return "{{ steps." + id + "_answer.event.properties." + name + " }}"


def text_field(
    name: str, ko: str, en: str, type: str = "text", *, required: bool = True, choices: list[Any] | None = None
) -> dict[str, Any]:
    """One question of a form."""
    made: dict[str, Any] = {"name": name, "title": {"ko": ko, "en": en}, "type": type, "required": required}
    return made | ({"choices": choices} if choices else {})


def _awaited(id: str, answered: str, timeout: str, silent: str | None) -> list[dict[str, Any]]:
    given = {
        "event": "Form Answered", "on": "event.properties.ask", "equals": "{{ steps." + id + ".ask }}",
        "timeout": timeout,
    }  # fmt: skip
    led = {"event": answered} | ({"timeout": silent} if silent else {})
    return [node(f"{id}_answer", "wait_event", given, led)]
