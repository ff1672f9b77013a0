"""The examples of the guides to recommendations and demand tests are taken as they stand."""

from __future__ import annotations

import json
import re
from typing import Any

from dure.campaigns.demand.api import read_ask
from dure.campaigns.design import Items
from dure.campaigns.recommending.api import item_of, read_selectors
from dure.campaigns.recommending.fitting import EVERY, SOON
from dure.campaigns.recommending.histories import MOST
from dure.campaigns.recommending.model import KINDS
from tests.docs.test_reference import ROOT

_BODY = re.compile(r"-d '(\{.*?\})'", re.DOTALL)


def guide(name: str) -> tuple[str, list[dict[str, Any]]]:
    text = (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    return text, [json.loads(body) for body in _BODY.findall(text)]


def test_the_guide_to_recommendations_holds() -> None:
    text, (items, selectors) = guide("recommendations")
    assert [item_of(each).kind for each in items["items"]] == ["creator", "broadcast"]
    assert read_selectors(selectors).event == "Order Completed"
    shown = json.loads("{" + re.findall(r'`"items": (\{.*?\})`', text)[0].strip("{}") + "}")
    assert Items(**shown).kind == "blend"
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(KINDS)
    assert f"{MOST} entries" in text
    assert (EVERY.total_seconds(), SOON.total_seconds()) == (6 * 3_600, 600)


def test_the_guide_to_demand_tests_holds() -> None:
    _, (ask,) = guide("test-demand")
    assert read_ask(ask).channel == "email"
