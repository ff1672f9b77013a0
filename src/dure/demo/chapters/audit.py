"""Chapter 29: what the two chapters before did stands in the audit trail, read by Slack's own client; the chain holds."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from slack_sdk.audit_logs import AuditLogsClient

from dure.demo.proof import Proof
from dure.demo.stage import Stage, need


async def proven(stage: Stage) -> dict[str, Any]:
    """Each side's owner reads its own trail: one entry for each change, and none that says what was kept from others."""
    kept: Proof = stage.told["proof"]
    entries = {side: await _about(stage, token, _things(kept, side)) for side, token in kept.owners.items()}
    found = Counter(
        (side, one["action"], one["entity"][one["entity"]["type"]]["id"])
        for side, told in entries.items()
        for one in told
    )
    need(found == kept.done, f"one entry for each change: {found - kept.done} too many, {kept.done - found} missing")
    need(max(found.values()) == 1, f"and only one: {found.most_common(1)}")
    elsewhere = await _about(stage, kept.owners["partner"], _things(kept, "home") - _things(kept, "partner"))
    need(not elsewhere, f"the partner reads nothing of our rules: {elsewhere}")
    member = await asyncio.to_thread(_client(stage, stage.told["partners"]["seller"]).logs)
    need(member.status_code == 403, f"a member reads no trail: {member.status_code} {member.body}")
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
        "changes": kept.done.total(), "entries": found.total(), "member_hears": member.typed_body.error,
        "verified": {side: verdict["entries"] for side, verdict in verdicts.items()},
    }  # fmt: skip


def _things(kept: Proof, side: str) -> set[str]:
    return {what for of, _, what in kept.done if of == side}


async def _about(stage: Stage, token: str, things: set[str]) -> list[dict[str, Any]]:
    """Everything that an organisation's trail says about some things, the oldest first."""
    client, found = _client(stage, token), []
    for what in things:
        answer = await asyncio.to_thread(client.logs, entity=what, limit=100)
        need(answer.status_code == 200, f"the trail answered {answer.status_code}: {answer.body}")
        found += reversed(answer.body["entries"])
    return sorted(found, key=lambda one: one["date_create"])


def _client(stage: Stage, token: str) -> AuditLogsClient:
    return AuditLogsClient(token, base_url=f"{stage.url}/slack/audit/v1/")
