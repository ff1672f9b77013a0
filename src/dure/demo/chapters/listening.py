"""Chapter 19: what to listen for is written as a query, tried on what was said, and a spike says why it is one."""

from __future__ import annotations

from typing import Any

from dure.demo.stage import Stage, eventually, need

_TROUBLE = "(결제 OR 카드) (오류 OR 안 OR 장애)"


async def query(stage: Stage) -> dict[str, Any]:
    """A slip is pointed at, the preview counts, the saved query labels the past; the spike says why."""
    wrong = await stage.http.post("/api/v1/listening/preview", json={"text": "(결제 OR 카드"})
    error = wrong.json()["error"]
    need(wrong.status_code == 422 and error["field"] == "text", f"a bracket left open is pointed at: {error}")
    seen = await stage.post("/api/v1/listening/preview", {"text": _TROUBLE, "days": 7})
    need(seen["exact"] and seen["count"] > 30, f"the preview counts what it would have caught: {seen['count']}")
    saved = await _save(stage, "결제 장애", _TROUBLE, watch=True)
    await _save(stage, "소리마루", "소리마루 OR sorimaru", role="own")
    await _save(stage, "나루라디오", "나루 OR naru", role="rival")

    async def labelled() -> Any:
        queries = (await stage.get("/api/v1/listening/queries"))["queries"]
        return next((one["labelled"] for one in queries if one["id"] == saved["id"] and one["labelled"]), None)

    past = await eventually(labelled, "the past has the query's label")
    spike = next(one for one in (await stage.get("/api/v1/spikes"))["spikes"] if one["topic"] == "payment")
    terms = [one["term"] for one in spike["why"]["terms"]]
    need(terms and spike["why"]["people"] >= spike["why"]["new"] > 0, f"the spike says why: {spike['why']}")
    board = await stage.get("/api/v1/listening/board", days=30)
    share = {one["name"]: one["share"]["mentions"] for one in board["voices"] if one["role"]}
    need(share["소리마루"] > share["나루라디오"] > 0, f"both voices are heard: {share}")
    return {
        "slip": error["message"],
        "query": _TROUBLE,
        "would_have_caught": seen["count"],
        "preview_seconds": round(seen["seconds"], 3),
        "past_labelled": past,
        "spike_words": terms,
        "spike_new_voices": [spike["why"]["new"], spike["why"]["people"]],
        "share_of_voice": {name: round(part, 3) for name, part in share.items()},
    }


async def _save(stage: Stage, name: str, text: str, role: str = "", *, watch: bool = False) -> Any:
    body = {"name": name, "text": text, "role": role, "watch": watch, "history": True}
    return await stage.post("/api/v1/listening/queries", body)
