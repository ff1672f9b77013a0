"""Interaction's entrance: what people do with apps, and what apps do in answer."""

from __future__ import annotations

from dure.channels.interaction.actions import Press
from dure.channels.interaction.commands import Offered, Ran
from dure.channels.interaction.home import Home
from dure.channels.interaction.model import View
from dure.channels.interaction.own import Own
from dure.channels.interaction.views import Outcome

__all__ = ["Home", "Interaction", "Offered", "Outcome", "Press", "Ran", "View"]


class Interaction(Own):
    """`Interaction(state, clock, governance, channels, asking, asides, fetching=…, site=…, forms=…, automations=…)`."""
