"""Chapter 17: what letters recommended, and the same asked for over HTTP, kind by kind."""

from __future__ import annotations

import time
from typing import Any

from dure.demo import readers
from dure.demo.cast import GENRES
from dure.demo.chapters import campaign
from dure.demo.stage import Stage, need

_KINDS = ("together", "collaborative", "popular", "new", "blend")


async def recommended(stage: Stage) -> dict[str, Any]:
    """A letter names the broadcasts that were recommended to its reader, mostly of a genre they like."""
    path, ours, *_ = stage.told["journey"]
    sent = [one for one in await campaign.messages(stage, path, "sent") if one["items"]]
    got, genres, who = readers.letters(stage, ours), stage.told["items"], stage.company.world.listeners
    titles = {one.key: {one.title_ko, one.title_en} for one in stage.company.world.broadcasts}
    for one in sent[:20]:
        text = readers.html_of(got[one["address"]])
        need(any(title in text for title in titles[one["items"][0]]), "the letter names what was recommended")
    liked = 0
    for one in sent:
        row = int(one["address"].partition("@")[0][1:]) - 1
        liked += genres[one["items"][0]] in (GENRES[int(who.genre[row])], GENRES[int(who.second_genre[row])])
    person, took = sent[0]["person"], []
    kinds: dict[str, list[str]] = {}
    for kind in _KINDS:
        began = time.perf_counter()
        found = (await stage.get(f"/api/v1/people/{person}/recommendations", kind=kind, count=3))["recommendations"]
        took.append(time.perf_counter() - began)
        kinds[kind] = [one["item"]["title"]["ko"] for one in found]
    need(kinds["blend"] and kinds["popular"], f"several kinds answer: {kinds}")
    return {
        "letters_with_items": len(sent),
        "of_a_genre_they_like": round(liked / len(sent), 2),
        "subject": str(got[sent[0]["address"]]["subject"]),
        **kinds,
        "slowest_ms": round(1000 * max(took), 1),
    }
