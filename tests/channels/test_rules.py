"""Names, timestamps and clocks, decided without a database."""

from __future__ import annotations

import pytest

from dure.channels.model import ts_of, ts_text
from dure.channels.refusals import BadTimestamp, InvalidName
from dure.channels.rules import channel_name, plain, slug


@pytest.mark.parametrize("name", ["deal-1", "한빛커피_q4", "#general", "日本語"])
def test_letters_of_any_script_name_a_channel(name: str) -> None:
    assert channel_name(name) == name.lstrip("#")


@pytest.mark.parametrize("name", ["", "  ", "Upper", "two words", "a/b", "a.b", "---", "x" * 81, "<b>", "a\0b"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InvalidName):
        channel_name(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("한빛커피 Q4 (재계약)", "한빛커피-q4-재계약"),
        ("  Hello, World! ", "hello-world"),
        ("!!!", "channel"),
        ("a_b", "a_b"),
    ],
)
def test_any_text_becomes_a_name(text: str, name: str) -> None:
    assert slug(text) == name
    assert channel_name(slug(text * 40))


@pytest.mark.parametrize("text", ["1763866800.000100", "0.000001", "999999999999.999999"])
def test_a_timestamp_is_read_as_it_is_written(text: str) -> None:
    assert ts_text(ts_of(text)) == text


@pytest.mark.parametrize(
    "text", ["", "x", "1e5", "-1", "1.0000001", "1763866800.00010x", "٣", "1." + "0" * 99, "9" * 40]
)
def test_what_is_no_timestamp(text: str) -> None:
    with pytest.raises(BadTimestamp):
        ts_of(text)


def test_the_words_of_blocks_stand_in_for_a_missing_text() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Brief"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Amount*"}]},
    ]
    assert plain("", blocks) == "Brief\n*Amount*"
    assert plain("said", blocks) == "said"
