"""Ready automations that begin at a line item, a creative or a flight."""

from dure.pacing.recipes.alerts import (
    AT_RISK,
    DATA_STALE,
    NOT_LAUNCHED,
    OVER,
    PAUSED,
    RECOVERED,
    STOPPED,
    TRACKING_GAP,
    UNANSWERED,
)
from dure.pacing.recipes.creatives import CHECKED, MISSING, MISSING_LATE, RECEIVED, REJECTED
from dure.pacing.recipes.ending import ENDED_SHORT, FLIGHT_END, MAKEGOOD, RENEWAL, WRAP_UP
from dure.pacing.recipes.flight import DAILY_DIGEST, FIRST_DAYS, MID_FLIGHT, TRAFFICKING_QA

# In the order of a campaign's life.
RECIPES = [
    RECEIVED, CHECKED, REJECTED, MISSING, MISSING_LATE, TRAFFICKING_QA, NOT_LAUNCHED, FIRST_DAYS, DAILY_DIGEST, AT_RISK,
    UNANSWERED, RECOVERED, OVER, STOPPED, PAUSED, TRACKING_GAP, DATA_STALE, MAKEGOOD, MID_FLIGHT, RENEWAL, ENDED_SHORT,
    FLIGHT_END, WRAP_UP,
]  # fmt: skip
