"""What automations may ask of a campaign: how its two halves stand."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.campaigns.api import Campaigns

_DECIDED = ("better", "worse", "harmed")


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    campaign: str


class Measured(msgspec.Struct, frozen=True):
    """`decided` is true where the halves differ however often one has looked; `verdict` is better, worse, leaning,
    careful, harmed, nothing or unbalanced. `control` and `treated` are people whose goal window is over."""

    decided: bool
    verdict: str
    control: int
    treated: int
    text_ko: str
    text_en: str


def steps(api: Campaigns) -> list[StepKind]:
    """campaigns.result. Reads the log, which is no part of a transaction; asking twice does no harm."""

    async def result(call: StepCall, given: Which) -> Measured:
        found = await api.result(call.principal, given.campaign, retention=False)
        outcome = found.outcome
        (halves,) = outcome.metrics[0].contrasts
        return Measured(
            outcome.verdict in _DECIDED, outcome.verdict, halves.control.people, halves.treated.people,
            outcome.sentence["ko"], outcome.sentence["en"],
        )  # fmt: skip

    return [
        StepKind(
            "campaigns.result", {"ko": "캠페인 결과 보기", "en": "Measure a campaign"}, Which, Measured, result,
            outside=True,
            about={"ko": "메시지를 받은 쪽과 대조군을 견줍니다.", "en": "Compares those it wrote to with its control."},
        )
    ]  # fmt: skip
