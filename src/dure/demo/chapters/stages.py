"""Chapters 11 and 12: where everybody stands, and a segment with its past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dure.demo.stage import Stage, eventually, need

# Who never listened is a visitor: without an event of signing up the first activity is taken for it.
_SETTINGS = {
    "activity": {"event": "Listen Started"}, "activation": {"event": "Listen Started"}, "activation_times": 3,
    "activation_measure": "days", "new_days": 7, "at_risk_days": 7, "dormant_days": 21, "churned_days": 60,
    "back_days": 14,
}  # fmt: skip
_REGULARS = "단골 청취자"


async def stage_map(stage: Stage) -> dict[str, Any]:
    """Everybody is in exactly one stage, by the map, by eleven weeks of it, and by the matrix of overlaps."""
    await stage.ask("PUT", "/api/v1/stages/settings", json=_SETTINGS)
    told = await stage.get("/api/v1/stages")
    counts = {one["stage"]: one["people"] for one in told["stages"]}
    need(sum(counts.values()) == told["people"], "every person is in one stage")
    past = (await stage.get("/api/v1/stages/history", days=77, points=12))["points"]
    need(all(sum(point["stages"].values()) for point in past), "the map has a past")
    flows = (await stage.get("/api/v1/stages/flows"))["flows"]
    need(flows, "people went from stage to stage")
    segments = [one["segment"] for one in told["stages"] if one["segment"]]
    matrix = await stage.get("/api/v1/overlap", segments=",".join(segments))
    need(matrix["depth"][0] == 0 and not any(matrix["depth"][2:]), f"nobody in none or in two: {matrix['depth']}")
    return {
        "people": told["people"],
        **counts,
        "current_by_week": [point["stages"].get("current", 0) for point in past],
        "at_risk_came_back": sum(one["people"] for one in flows
                                 if one["before"] in ("at_risk", "dormant") and one["after"] in ("current",
                                                                                                  "resurrected")),
        "in_none": matrix["depth"][0],
        "in_two": sum(matrix["depth"][2:]),
    }  # fmt: skip


async def segment_with_a_past(stage: Stage) -> dict[str, Any]:
    """Yesterday's regulars and today's: who came, who went, and how it would have gone over twelve weeks."""
    regulars = stage.told[_REGULARS]
    segment = await stage.get(f"/api/v1/segments/{regulars}")
    weeks = (await stage.post("/api/v1/segments/course", {"rule": segment["rule"], "days": 84, "points": 13}))["course"]
    need(weeks[-1]["size"] > weeks[4]["size"] > 0, f"regulars have become more: {[one['size'] for one in weeks]}")

    async def moved() -> Any:
        days = (await stage.get(f"/api/v1/segments/{regulars}/moves"))["days"]
        return sum(day["left"] for day in days) and days

    days = await eventually(moved, "somebody went out of the segment")
    before = (await stage.get(f"/api/v1/segments/{regulars}/size", at=(stage.now() - timedelta(hours=24)).isoformat()))[
        "size"
    ]
    checked = await stage.post(f"/api/v1/segments/{regulars}/compute?full=true")
    need(
        not checked["missing"] and not checked["extra"], f"what was followed is what everybody's look finds: {checked}"
    )
    return {
        "segment": _REGULARS,
        "rule": segment["words"]["ko"],
        "a_day_ago": before,
        "now": checked["size"],
        "entered": sum(day["entered"] for day in days),
        "left": sum(day["left"] for day in days),
        "twelve_weeks": [one["size"] for one in weeks],
    }
