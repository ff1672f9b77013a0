"""Chapter 29: what chapters 27 and 28 did stands in the audit trail, read by Slack's own client; the chain holds."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from slack_sdk.audit_logs import AuditLogsClient

from dure.demo.proof import Proof
from dure.demo.stage import Stage, need


async def proven(stage: Stage) -> dict[str, Any]:
    """Each side's owner reads its own trail: one entry for each change, and nothing of what the other did at home."""
    kept: Proof = stage.told["proof"]
    entries = {side: await _about(stage, token, _things(kept, side)) for side, token in kept.owners.items()}
    found = Counter(
        (side, one["action"], one["entity"][one["entity"]["type"]]["id"])
        for side, told in entries.items()
        for one in told
    )
    need(found == kept.done, f"one entry for each change: {found - kept.done} too many, {kept.done - found} missing")
    need(max(found.values()) == 1, f"and only one: {found.most_common(1)}")
    theirs = _things(kept, "partner")
    ours = [one for one in _things(kept, "home") if one not in theirs]
    elsewhere = await _about(stage, kept.owners["partner"], ours)
    need(not elsewhere, f"the partner reads nothing of our rules: {elsewhere}")
    member = await _logs(stage, stage.told["partners"]["seller"])
    need(member.get("error") == "user_not_authorized", f"a member reads no trail: {member}")
    verdicts = {}
    for side, token in kept.owners.items():
        head = kept.heads[side]
        asked = {"number": head["number"], "digest": head["digest"]}
        headers = {"authorization": f"Bearer {token}"}
        verdicts[side] = await stage.ask("GET", "/api/v1/audit/verify", params=asked, headers=headers)
        need(verdicts[side]["ok"], f"the chain of {side} holds: {verdicts[side]}")
    return {
        "actions": [one["action"] for one in entries["home"]],
        "actors": sorted({one["actor"]["user"]["name"] for one in entries["home"]}),
        "at_the_partners": [one["action"] for one in entries["partner"]],
        "changes": kept.done.total(), "entries": found.total(), "member_hears": member["error"],
        "verified": {side: verdict["entries"] for side, verdict in verdicts.items()},
    }  # fmt: skip


def _things(kept: Proof, side: str) -> list[str]:
    return list(dict.fromkeys(what for of, _, what in kept.done if of == side))


async def _about(stage: Stage, token: str, things: list[str]) -> list[dict[str, Any]]:
    """Everything that an organisation's trail says about some things, the oldest first."""
    found: list[dict[str, Any]] = []
    for what in things:
        told = await _logs(stage, token, entity=what, limit=100)
        need("entries" in told, f"the trail answered {told}")
        found += reversed(told["entries"])
    return sorted(found, key=lambda one: one["date_create"])


async def _logs(stage: Stage, token: str, **wanted: Any) -> dict[str, Any]:
    """What Slack's Audit Logs client is answered; its own model of an answer reads each entry."""
    client = AuditLogsClient(token, base_url=f"{stage.url}/slack/audit/v1/")
    answer = await asyncio.to_thread(client.logs, **wanted)
    told = answer.body or {}
    if "entries" in told:
        read = answer.typed_body
        need(read and len(read.entries or ()) == len(told["entries"]), "the client reads every entry")
    return told
