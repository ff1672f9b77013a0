"""A channel shared between two servers of different companies, with Slack's own client on either side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from tests.channels.two_servers import Pair, two_companies
from tests.waiting import waited


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = Path(tmp_path_factory.mktemp("federation"))
    folder.chmod(0o755)
    for parent in folder.parents[:2]:
        parent.chmod(0o755)
    with two_companies(folder) as made:
        yield made


def texts(said: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(one["ts"], one["text"]) for one in said if "subtype" not in one]


def test_both_sides_have_one_order_and_the_same_timestamps(pair: Pair) -> None:
    home, away = pair.sori.slack, pair.hanbit.slack
    said = [
        (home if n % 2 else away).chat_postMessage(channel=pair.channel if n % 2 else pair.copy, text=f"line {n}")["ts"]
        for n in range(6)
    ]
    assert said == sorted(said)
    waited(lambda: pair.hanbit.history(pair.copy)[-1]["ts"] == said[-1], seconds=30)
    assert texts(pair.sori.history(pair.channel)) == texts(pair.hanbit.history(pair.copy))
    assert texts(pair.sori.history(pair.channel))[0][1] == "before it was shared"
