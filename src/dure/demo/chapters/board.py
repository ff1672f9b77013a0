"""Chapter 9: one metric of each team on one board, and a number opened down to its events."""

from __future__ import annotations

from typing import Any

from dure.demo.stage import Stage, need


async def one_board(stage: Stage) -> dict[str, Any]:
    """Every tile of the board has a number, and every number can be opened."""
    board = await stage.get("/api/v1/boards/teams")
    values, opened = {}, {}
    for tile in board["tiles"]:
        need("error" not in tile, f"{tile.get('metric')} answers: {tile.get('error')}")
        metric = tile["metric"]
        need(tile["value"] is not None, f"{metric['id']} has a number")
        values[metric["id"]] = tile["value"]
        behind = await stage.post("/api/v1/query/events", {"question": tile["question"], "cell": tile.get("cell", {})})
        need(behind["events"] or behind["people"], f"{metric['id']} opens down to what it counted")
        opened[metric["id"]] = len(behind["events"])
    teams = {tile["metric"]["function"] for tile in board["tiles"]}
    need(teams >= {"product", "marketing", "sales", "ad_ops", "social"}, f"each team has its metric: {teams}")
    return {"board": board["name_en"], "values": values, "events_behind": opened, "teams": sorted(teams)}
