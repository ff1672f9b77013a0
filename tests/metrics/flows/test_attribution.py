"""Attribution: every model on touches worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.journeys import Happening, Journeys

pytestmark = pytest.mark.anyio

BOUGHT: dict[str, Any] = {
    "kind": "attribution", "conversion": {"event": "buy"}, "touch": {"event": "touch"}, "prop": "s",
    "from": "2020-01-01", "to": "2020-01-31",
}  # fmt: skip


async def test_t1_two_touches(journeys: Journeys) -> None:
    journeys.write({"p": [touch("2020-01-01", "Facebook"), touch("2020-01-02", "Instagram"), ("buy", "2020-01-03")]})
    wanted = {
        "linear": (0.5, 0.5), "last": (0, 1), "first": (1, 0), "u": (0.5, 0.5), "j": (0.25, 0.75),
        "inverse_j": (0.75, 0.25), "participation": (1, 1), "last_non_direct": (0, 1),
    }  # fmt: skip
    for model, shares in wanted.items():
        credit = await credit_of(journeys, model)
        assert (credit.get("Facebook", 0), credit.get("Instagram", 0)) == shares, model


async def test_t2_six_touches(journeys: Journeys) -> None:
    journeys.write({"p": [*[touch(f"2020-01-0{n}", f"s{n}") for n in range(1, 7)], ("buy", "2020-01-08")]})
    for model, shares in (
        ("u", (0.4, 0.05, 0.05, 0.05, 0.05, 0.4)),
        ("j", (0.2, 0.05, 0.05, 0.05, 0.05, 0.6)),
        ("inverse_j", (0.6, 0.05, 0.05, 0.05, 0.05, 0.2)),
    ):
        credit = await credit_of(journeys, model)
        assert [credit[f"s{n}"] for n in range(1, 7)] == list(shares), model


async def test_t2_five_values_take_part_in_five_conversions(journeys: Journeys) -> None:
    journeys.write({"p": [*[touch(f"2020-01-0{n}", f"s{n}") for n in range(1, 6)], ("buy", "2020-01-08")]})
    answer = await journeys.ask({**BOUGHT, "model": "participation"})
    assert [(row["credit"], row["conversions"]) for row in answer["rows"]] == [(1, 1)] * 5
    assert answer["conversions"] == 1


@pytest.fixture
def case_t3(journeys: Journeys) -> Journeys:
    journeys.write(
        {
            "1": [touch("2020-01-10", "Google"), touch("2020-01-15", "LinkedIn"), ("buy", "2020-01-15")],
            "2": [touch("2020-01-12", "Facebook"), touch("2020-01-18"), ("buy", "2020-01-18")],
            "3": [touch("2020-01-20", "Google"), ("buy", "2020-01-20")],
        }
    )
    return journeys


async def test_t3_last_touch_and_any_touch(case_t3: Journeys) -> None:
    last = await credit_of(case_t3, "last")
    assert last == {"LinkedIn": 1, "Google": 1, "(direct)": 1}
    assert sum(credit for value, credit in last.items() if value != "(direct)") == 2
    assert (await credit_of(case_t3, "participation"))["Google"] == 2
    assert await credit_of(case_t3, "last_non_direct") == {"LinkedIn": 1, "Google": 1, "Facebook": 1}


async def test_t3_of_one_buyer_within_a_lookback(journeys: Journeys) -> None:
    touches = [touch("2020-01-10", "Google"), touch("2020-01-12", "Facebook"), touch("2020-01-15", "LinkedIn"),
               touch("2020-01-18"), touch("2020-01-20", "Google")]  # fmt: skip
    journeys.write({"p": [*touches, ("buy", "2020-01-15"), ("buy", "2020-01-18"), ("buy", "2020-01-20")]})
    assert await credit_of(journeys, "last") == {"LinkedIn": 1, "(direct)": 1, "Google": 1}
    assert (await credit_of(journeys, "participation", lookback="7d"))["Google"] == 2


async def test_t4_which_conversion_qualifies(journeys: Journeys) -> None:
    days = (("2021-05-01", "Instagram"), ("2021-05-07", "Instagram"), ("2021-05-10", "Facebook"))
    journeys.write({"jack": [done for day, source in days for done in (touch(day, source), ("buy", f"{day} 01:00"))]})
    may = {"from": "2021-05-01", "to": "2021-05-31"}
    assert await credit_of(journeys, "last", **may) == {"Instagram": 2, "Facebook": 1}
    assert await credit_of(journeys, "last", which="last", **may) == {"Facebook": 1}
    assert await credit_of(journeys, "last", which="first", **may) == {"Instagram": 1}


async def test_credit_halves_with_every_seven_days(journeys: Journeys) -> None:
    journeys.write({"p": [touch("2020-01-01", "old"), touch("2020-01-08", "new"), ("buy", "2020-01-15")]})
    assert await credit_of(journeys, "time_decay") == {"new": pytest.approx(2 / 3), "old": pytest.approx(1 / 3)}


async def test_touches_count_up_to_the_lookback_also_before_the_range(journeys: Journeys) -> None:
    journeys.write({"p": [touch("2019-12-30 00:00:00", "edge"), touch("2019-12-29 23:59:59", "over"),
                          ("buy", "2020-01-06"), touch("2020-01-06", "same instant"),
                          touch("2020-01-06 00:00:01", "after")]})  # fmt: skip
    assert await credit_of(journeys, "participation", lookback="7d") == {"edge": 1, "same instant": 1}
    assert await credit_of(journeys, "first", lookback="7d") == {"edge": 1}
    assert await credit_of(journeys, "last", lookback="7d") == {"same instant": 1}


async def test_conversions_before_the_range_count_nothing(journeys: Journeys) -> None:
    journeys.write({"p": [touch("2019-12-30", "a"), ("buy", "2019-12-31"), ("buy", "2020-01-01")]})
    assert (await journeys.ask(BOUGHT))["conversions"] == 1


async def test_a_conversion_may_be_its_own_touch(journeys: Journeys) -> None:
    journeys.write({"p": [("buy", "2020-01-03", {"s": "shop"})]})
    assert await credit_of(journeys, "last", touch={"event": "buy"}) == {"shop": 1}


async def test_what_no_touch_led_to_is_direct(journeys: Journeys) -> None:
    journeys.write({"p": [("buy", "2020-01-03")], "q": [touch("2020-01-02"), ("buy", "2020-01-03")]})
    for model in ("first", "last", "last_non_direct", "linear", "u", "time_decay", "participation"):
        assert await credit_of(journeys, model) == {"(direct)": 2}, model


async def test_credits_add_up_to_the_conversions(journeys: Journeys) -> None:
    for person in range(7):
        touches = [touch(f"2020-01-0{day}", f"s{(day * person) % 5}") for day in range(1, 8)]
        journeys.write({f"p{person}": [*touches[: person + 1], ("buy", "2020-01-09"), ("buy", "2020-01-10")]})
    for model in ("first", "last", "last_non_direct", "linear", "u", "j", "inverse_j", "time_decay"):
        answer = await journeys.ask({**BOUGHT, "model": model})
        assert answer["conversions"] == 14
        assert sum(row["credit"] for row in answer["rows"]) == pytest.approx(14, abs=1e-7), model


async def test_an_accounts_touches_are_those_of_its_people(journeys: Journeys) -> None:
    journeys.write({"marketer": [touch("2020-01-02", "fair")], "buyer": [("buy", "2020-01-03")]}, account="acme")
    assert await credit_of(journeys, "last") == {"(direct)": 1}
    assert await credit_of(journeys, "last", by="account") == {"fair": 1}


async def test_a_merged_persons_touches_count(journeys: Journeys) -> None:
    journeys.write({"phone": [touch("2020-01-02", "ad")], "laptop": [("buy", "2020-01-03")]})
    journeys.merge("phone", into="laptop")
    assert await credit_of(journeys, "first") == {"ad": 1}


async def test_a_trait_may_be_what_is_credited(journeys: Journeys) -> None:
    journeys.write({"p": [("Identified", "2020-01-01", {"team": "blue"}), touch("2020-01-02"), ("buy", "2020-01-03")]})
    assert await credit_of(journeys, "linear", prop="person.team") == {"blue": 1}


async def test_nobody_converted(journeys: Journeys) -> None:
    answer = await journeys.ask(BOUGHT)
    assert (answer["rows"], answer["conversions"]) == ([], 0)


def touch(at: str, source: str = "") -> Happening:
    return ("touch", at, {"s": source}) if source else ("touch", at)


async def credit_of(journeys: Journeys, model: str, **more: Any) -> dict[str, float]:
    answer = await journeys.ask({**BOUGHT, "model": model, **more})
    return {row["value"]: row["credit"] for row in answer["rows"]}
