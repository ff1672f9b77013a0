"""What a correlation looks at: what the question names, else what a sample of the newest rows finds.

Never all properties of all events: names come from the sample, and texts of which hardly two are the same (ids,
addresses) are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dure.kernel.errors import Invalid
from dure.metrics.question import Correlation, seconds_of
from dure.metrics.sql import Ask, both, path

# What is told about people rather than done by them; looked at only where it is named.
TOLD = ("Aliased", "Identified", "Account Identified", "Person Linked", "Segment Entered", "Segment Left")
_SAMPLE, _MOST_VALUES, _MOST_NAMES = 2000, 50, 20
TRAITS_OF = {"person": "Identified", "account": "Account Identified"}


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is looked at: whether events are, and of which properties and traits every value is."""

    events: bool
    props: tuple[str, ...]
    traits: tuple[str, ...]


def chosen(ask: Ask, question: Correlation, props: Sequence[str], traits: Sequence[str]) -> Candidates:
    """What the question names, else what `samples` found (traits without their owner)."""
    named_props, named_traits = _props(question)
    for index, trait in enumerate(question.props):
        if trait in named_traits and not trait.startswith(f"{ask.by}."):
            raise Invalid(f"By {ask.by} the traits of a {ask.by} can be looked at.", field=f"props[{index}]")
    return Candidates(
        events="events" in question.look,
        props=tuple(named_props or filter(_sound, props)),
        traits=tuple(named_traits or (f"{ask.by}.{name}" for name in traits if _sound(name))),
    )


def samples(ask: Ask, question: Correlation) -> tuple[str | None, str | None]:
    """Statements of the names of properties, and of traits, in the newest rows; None where the question names them or
    does not look for any. Texts of which hardly two are the same (ids, addresses) are no candidates."""
    props, traits = _props(question)
    when = ask.between(ask.period.start_us, until(ask, question))
    of_events, of_traits = None, None
    if "properties" in question.look and not props:
        of_events = _sample(both(when, among(ask, question)))
    if "traits" in question.look and not traits and ask.by in TRAITS_OF:
        of_traits = _sample(f"event = '{TRAITS_OF[ask.by]}'")
    return of_events, of_traits


def among(ask: Ask, question: Correlation) -> str:
    """The condition on an event that may be looked at."""
    if question.events:
        return f"event in {ask.words.texts(question.events)}"
    return f"event not in {ask.words.texts(TOLD)}"


def until(ask: Ask, question: Correlation) -> int:
    """Where what is looked at ends, in µs: the window of the last who began may reach beyond the range."""
    return ask.period.end_us + seconds_of(question.window, "window") * 1_000_000


def _sample(which: str) -> str:
    """Rows of a property's name, the most frequent first."""
    newest = f"select properties from events where {both('workspace = {workspace:String}', which)}"
    pairs = "select arrayJoin(JSONExtractKeysAndValuesRaw(toJSONString(properties))) as pair"
    return (
        f"select pair.1 as name from ({pairs} from ({newest} order by time desc limit {_SAMPLE}))"
        " where substring(pair.2, 1, 1) not in ('[', '{') and pair.2 not in ('null', '\"\"')"
        f" group by name having uniqExact(pair.2) <= {_MOST_VALUES} order by count() desc, name limit {_MOST_NAMES}"
    )


def _sound(name: str) -> bool:
    """Whether a property's name can be asked for (some were sent with characters that no question can hold)."""
    try:
        path(name)
    except Invalid:
        return False
    return True


def _props(question: Correlation) -> tuple[list[str], list[str]]:
    """The properties and the traits that the question names."""
    traits = [prop for prop in question.props if prop.startswith(("person.", "account."))]
    return [prop for prop in question.props if prop not in traits], traits
