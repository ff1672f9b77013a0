"""Lots are drawn once and for ever, evenly, and independently under another seed."""

from __future__ import annotations

import pytest

from dure.experiments.api import arm_of, held_back


def test_a_larger_holdout_keeps_everybody_it_had() -> None:
    units = [f"u-{n}" for n in range(2000)]
    tenth = {unit for unit in units if held_back("c:", unit, 0.1)}
    half = {unit for unit in units if held_back("c:", unit, 0.5)}
    assert tenth < half


def test_an_arm_without_a_share_gets_nobody() -> None:
    assert {arm_of("s:", str(n), (0.0, 1.0, 0.0)) for n in range(500)} == {1}
    assert not any(held_back("s:", str(n), 0.0) for n in range(500))
    assert all(held_back("s:", str(n), 1.0) for n in range(500))


def test_shares_that_are_no_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to one"):
        arm_of("s:", "u", (0.5, 0.6))
