"""What sources say of themselves is so, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.automation.outgoing import HttpOutgoing
from dure.connectors.social import sources
from dure.social.plugs import Hears, Publishes, Pulls, Reads, Replies, Source, Streams

DOORS = {"pull": Pulls, "stream": Streams, "hear": Hears, "upload": Reads, "reply": Replies, "publish": Publishes}
ALL = sources(HttpOutgoing())
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "hear-from-networks.md"


@pytest.mark.parametrize("source", ALL, ids=lambda one: one.manifest.name)
def test_a_source_can_what_its_manifest_says(source: Source) -> None:
    manifest = source.manifest
    assert {name for name, door in DOORS.items() if isinstance(source, door)} == manifest.can - {"edits", "deletions"}
    assert manifest.can & {"pull", "stream", "hear", "upload"}
    assert manifest.every >= 60


@pytest.mark.parametrize("source", ALL, ids=lambda one: one.manifest.name)
def test_a_source_speaks_both_languages(source: Source) -> None:
    manifest = source.manifest
    fields = [*manifest.settings, *manifest.secrets]
    said = [manifest.title, manifest.about, manifest.terms, *(one.title for one in fields)]
    said += [one.hint for one in fields if one.hint] + [title for one in fields for _, title in one.choices]
    assert all(words["ko"].strip() and words["en"].strip() for words in said)
    names = [one.name for one in fields]
    assert len(set(names)) == len(names)
    assert not {"name", "days", "every"} & set(names)  # the form's own
    assert all(one.default == "" for one in manifest.secrets)


def test_names_are_each_ones_own_and_the_guide_tells_of_all() -> None:
    assert len({one.manifest.name for one in ALL}) == len(ALL)
    guide = GUIDE.read_text("utf-8")
    missing = [one.manifest.title["en"] for one in ALL if one.manifest.title["en"].split()[0] not in guide]
    assert missing == []
