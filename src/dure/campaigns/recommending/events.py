"""What recommendations write to the feed."""

from __future__ import annotations

CATALOGUE_CHANGED = "Catalogue Changed"
SET_UP = "Recommendations Set Up"
MODEL_WANTED = "Recommendation Model Wanted"
MODEL_STOPPED = "Recommendation Model Stopped"
