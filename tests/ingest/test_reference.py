"""What the reference says about events coming in."""

from __future__ import annotations

from pathlib import Path

from dure.ingest.model import Reason
from dure.ingest.protocols.default import default
from dure.ingest.segment import Segment

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "events-in.md").read_text(encoding="utf-8")


def test_every_reason_stands_in_the_reference_with_its_sentence() -> None:
    for reason in Reason:
        assert f"| `{reason.value}` | {reason.sentence} |" in PAGE


def test_every_path_stands_in_the_reference() -> None:
    spelled = PAGE.replace("track,…", "track,identify,page,screen,group,alias")
    for protocol in default():
        for path in protocol.paths:
            said = path.rpartition("/")[2] if path in Segment.paths else path.rstrip("/")
            assert said in spelled, path
