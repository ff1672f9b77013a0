"""The entrance: assignment, comparison, and the sentence that says what it means."""

from dure.experiments.assignment import arm_of, held_back
from dure.experiments.compare import compare
from dure.experiments.model import Arm, Comparison, Interval, Verdict
from dure.experiments.sentence import describe
from dure.experiments.statistics.balance import ALARM, balance
from dure.experiments.statistics.proportions import newcombe, people_needed, wilson, z_test
from dure.experiments.statistics.sequential import anytime, anytime_p

__all__ = [
    "ALARM",
    "Arm",
    "Comparison",
    "Interval",
    "Verdict",
    "anytime",
    "anytime_p",
    "arm_of",
    "balance",
    "compare",
    "describe",
    "held_back",
    "newcombe",
    "people_needed",
    "wilson",
    "z_test",
]
