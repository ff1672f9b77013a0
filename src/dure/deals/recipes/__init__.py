"""Ready automations that begin at a deal or a lead."""

from dure.deals.recipes.care import LEAD_CLOCK, OVERDUE, SINGLE_CONTACT, STALE
from dure.deals.recipes.closing import CONTRACT_CHASE, REVIVE, WON_HANDOVER
from dure.deals.recipes.pitching import IO_CHECKLIST, LOST_REASON, PITCH_BRIEF, PROPOSAL_APPROVAL
from dure.deals.recipes.rooms import DEAL_ROOM, STAGE_CARD, TEAM_FOLLOWS, TERMS_CARD

RECIPES = [
    DEAL_ROOM, PITCH_BRIEF, PROPOSAL_APPROVAL, IO_CHECKLIST, CONTRACT_CHASE, WON_HANDOVER, STAGE_CARD, TERMS_CARD,
    TEAM_FOLLOWS, STALE, SINGLE_CONTACT, OVERDUE, LOST_REASON, REVIVE, LEAD_CLOCK,
]  # fmt: skip
