"""The org's stages come here first: a deal cannot stand in one that there is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.deals.api import Deals
from dure.deals.model import DEFAULT_PIPELINE, FORECASTS
from dure.deals.pipelines.api import NewStage
from dure.deals.plugs import Elsewhere
from dure.governance.api import Principal


async def bring_stages(deals: Deals, there: Elsewhere, principal: Principal) -> int:
    """Adds what is not known yet to the default pipeline; how many. Stages that are known stay as they are."""
    known = {stage.key for stage in await deals.stages(principal, retired=True)}
    fresh = [one for one in await there.stages() if one["ApiName"] not in known]
    for one in fresh:
        await deals.pipelines.add_stage(principal, DEFAULT_PIPELINE, _stage(one))
    return len(fresh)


def _stage(said: Mapping[str, Any]) -> NewStage:
    outcome = "won" if said.get("IsWon") else "lost" if said.get("IsClosed") else ""
    forecast = str(said.get("ForecastCategory") or "")
    name = str(said.get("MasterLabel") or said["ApiName"])
    probability = round(float(said.get("DefaultProbability") or 0))
    return NewStage(str(said["ApiName"]), name, name, probability, outcome, forecast if forecast in FORECASTS else "")
