"""What a campaign would do to the people of the last days: the real gate and the real message, nothing kept or sent."""

from __future__ import annotations

from dure.campaigns.journeys.engine import Engine
from dure.campaigns.model import Campaign, DryRun
from dure.governance.api import Principal
from dure.state import Tx


async def dry_run(
    tx: Tx, engine: Engine, principal: Principal, campaign: Campaign, *, out_url: str, language: str, limit: int
) -> DryRun:
    raise NotImplementedError
