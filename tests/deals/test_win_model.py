"""The win model: what it learns, that it never looks ahead, and what its test by time says of real deals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from dure.deals.winning.backtest import Trial, backtest
from dure.deals.winning.card import make
from dure.deals.winning.chances import chances
from dure.deals.winning.features import seen_at, shape_of
from dure.deals.winning.keeping import from_json, to_json
from dure.deals.winning.learn import Learned, Unlearned, learn
from dure.deals.winning.measure import brier, calibration, pr_auc
from dure.deals.winning.past import Past, Tag, days, past_of
from dure.deals.winning.simulate import outcome
from tests.deals.pasts import NOW, made_deals, real_deals, until

AT = days(NOW)


@pytest.fixture(scope="module")
def past() -> Past:
    return past_of(made_deals(2_600))


@pytest.fixture(scope="module")
def tested(past: Past) -> Trial:
    found = backtest(past, AT)
    assert found is not None
    return found


def test_it_beats_stage_probability_and_win_rate_where_there_is_something_to_learn(tested: Trial) -> None:
    assert len(tested.cuts) >= 3
    assert tested.better
    assert tested.model.brier < min(tested.stage.brier, tested.rate.brier) - 0.015
    assert tested.model.pr_auc > max(tested.stage.pr_auc, tested.rate.pr_auc) + 0.1


def test_its_chances_mean_what_they_say(tested: Trial) -> None:
    assert tested.error < 0.08
    inside = [one.low - 0.05 <= one.expected <= one.high + 0.05 for one in tested.bins]
    assert np.mean(inside) >= 0.75
    expected = [one.expected for one in tested.bins]
    assert expected == sorted(expected)
    assert tested.bins[-1].won > tested.bins[0].won + 0.3


def test_its_intervals_hold_what_came_about_four_times_in_five(tested: Trial) -> None:
    assert tested.intervals >= 20
    assert 0.7 <= tested.covered <= 0.95


def test_nothing_that_came_later_changes_what_is_seen_at_a_moment() -> None:
    deals = made_deals(600, seed=9)
    deals = [  # an owner and a product that were set later
        replace(one, owners=[*one.owners, Tag(one.created_at + timedelta(days=30), "Ulater")],
                products=[Tag(one.created_at + timedelta(days=25), "01tlater")])
        for one in deals
    ]  # fmt: skip
    moment = NOW - timedelta(days=200)
    full, cut = past_of(deals), past_of(until(deals, moment))
    shape = shape_of(cut, days(moment))
    assert shape_of(full, days(moment)) == shape
    ahead, then = seen_at(full, days(moment), shape), seen_at(cut, days(moment), shape)
    assert [full.ids[n] for n in ahead.deals] == [cut.ids[n] for n in then.deals]
    assert len(then.deals) > 20
    np.testing.assert_allclose(ahead.columns, then.columns)


def test_a_model_of_an_earlier_day_is_the_one_that_was_learned_on_it() -> None:
    deals = made_deals(1_500, seed=4)
    moment = NOW - timedelta(days=120)
    again, then = learn(past_of(deals), days(moment)), learn(past_of(until(deals, moment)), days(moment))
    assert isinstance(again, Learned)
    assert isinstance(then, Learned)
    np.testing.assert_allclose(again.logistic.weights, then.logistic.weights, atol=1e-9)
    assert again.examples == then.examples


def test_too_few_closed_deals_are_refused() -> None:
    deals = made_deals(300, seed=2)
    won = [one for one in deals if one.won][:49]
    lost = [one for one in deals if one.won is False]
    found = learn(past_of(won + lost), AT)
    assert found == Unlearned("too_few", 49, len(lost))
    card, model, _ = make(past_of(won + lost), NOW)
    assert (card.basis, card.why, model) == ("none", "too_few", None)
    assert card.shown()["fewest_won"] == 50


def test_a_deal_is_not_judged_in_its_first_three_days_nor_when_older_than_any_that_ended(past: Past) -> None:
    model = learn(past, AT)
    assert isinstance(model, Learned)
    told = {one.deal: one for one in chances(past, AT, model, tells_apart=True)}
    age = {past.ids[n]: AT - past.created[n] for n in np.flatnonzero(~past.decided)}
    assert set(told) == set(age)
    newer = past_of([*made_deals(300), replace(made_deals(1)[0], id="006new", created_at=NOW - timedelta(days=2),
                                               closed_at=None, won=None),
                     replace(made_deals(1)[0], id="006old", created_at=NOW - timedelta(days=2_000), closed_at=None,
                             won=None)])  # fmt: skip
    why = {one.deal: one.why for one in chances(newer, AT, model, tells_apart=True)}
    assert why["006new"] == "young"
    assert why["006old"] == "beyond"


def test_each_chance_has_up_to_three_reasons_that_move_it_the_way_they_say(past: Past) -> None:
    model = learn(past, AT)
    assert isinstance(model, Learned)
    told = [one for one in chances(past, AT, model, tells_apart=True) if one.chance is not None]
    assert told
    assert all(1 <= len(one.reasons) <= 3 for one in told)
    slipped = [r for one in told for r in one.reasons if r.name == "slips" and r.value >= 2]
    assert slipped
    assert all(reason.effect < 0 for reason in slipped)


def test_fields_written_at_the_end_are_left_out() -> None:
    leaking = [
        replace(one, was=[replace(step, amount=step.amount if one.won else 0,
                                  close_date=(one.closed_at or NOW).date()) for step in one.was])
        for one in made_deals(1_200)
    ]  # fmt: skip
    model = learn(past_of(leaking), AT)
    assert isinstance(model, Learned)
    assert model.left_out == {"amount": "tells_outcome", "due": "written_at_close"}
    assert not {"amount", "due"} & set(model.shape.columns)


def test_a_kept_model_says_the_same_again(past: Past) -> None:
    model = learn(past, AT)
    assert isinstance(model, Learned)
    again = from_json(to_json(model))
    seen = seen_at(past, AT, model.shape)
    np.testing.assert_array_equal(model.chances(seen), again.chances(seen))


def test_measures_of_known_cases() -> None:
    won = np.array([True, False, True, False])
    assert brier(np.array([1.0, 0.0, 1.0, 0.0]), won) == 0
    assert brier(np.full(4, 0.5), won) == 0.25
    assert pr_auc(np.array([0.9, 0.1, 0.8, 0.2]), won) == 1
    assert pr_auc(np.full(4, 0.3), won) == 0.5
    (one,) = calibration(np.full(4, 0.5), won, bins=1)
    assert (one.expected, one.won, one.count) == (0.5, 0.5, 4)


def test_a_simulated_sum_has_its_mean_and_wider_intervals_when_days_differ() -> None:
    chance, amount = np.full(50, 0.4), np.full(50, 1_000.0)
    calm = outcome(chance, amount, 0.0, np.random.default_rng(1))
    rough = outcome(chance, amount, 0.5, np.random.default_rng(1))
    assert calm.expected == pytest.approx(20_000)
    assert calm.low < 20_000 < calm.high
    assert rough.high - rough.low > 1.3 * (calm.high - calm.low)


def test_8300_real_deals_without_histories_are_told_apart_by_nothing_and_the_card_says_so() -> None:
    """The data has no history of stages: what is known of an open deal hardly says how it will end."""
    past = past_of(real_deals())
    card, model, _ = make(past, NOW)
    assert isinstance(model, Learned)
    assert (card.won, card.lost) == (4_238, 2_473)
    assert (card.basis, card.why) == ("rate", "no_better")
    test = card.facts["test"]
    assert len(test["cuts"]) >= 3
    assert test["stage"]["brier"] > test["model"]["brier"] + 0.1
    assert test["model"]["brier"] == pytest.approx(test["rate"]["brier"], abs=0.004)
    assert test["error"] < 0.06
    assert 0.65 <= test["covered"] <= 0.95
    told = [one.chance for one in chances(past, AT, model, tells_apart=False) if one.chance is not None]
    assert len(set(told)) == 1
    assert told[0] == pytest.approx(card.rate, abs=0.001)


def test_the_real_deals_closing_values_are_recognised_as_telling_the_outcome() -> None:
    model = learn(past_of(real_deals(amount="close")), AT)
    assert isinstance(model, Learned)
    assert model.left_out == {"amount": "tells_outcome", "due": "written_at_close"}


def test_a_past_that_ended_long_ago_is_learned_from_as_well() -> None:
    deals, much_later = made_deals(1_600, seed=3), NOW + timedelta(days=3_000)
    found = learn(past_of(deals), days(much_later))
    assert isinstance(found, Learned)
    assert found.examples > 1_000
    assert backtest(past_of(deals), days(much_later)) is not None
