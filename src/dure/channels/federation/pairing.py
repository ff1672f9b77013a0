"""Two servers come to know each other: a one-time code shown on one side and entered on the other.

Who asks and who answers each prove that they know the code, over both keys; so nobody between them can put in a key of
their own, and the code itself never crosses. Then people on both sides compare one fingerprint.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from dure.channels.federation import signing, wire
from dure.channels.federation.keys import Keys, key_id, proof
from dure.channels.federation.model import VERSION, Partner
from dure.channels.federation.refusals import BadEntry, BadSignature, CodeNotKnown, WrongVersion
from dure.channels.federation.store import names
from dure.channels.rules import clean
from dure.governance.api import Governance
from dure.state import Tx


async def introduction(tx: Tx, governance: Governance, keys: Keys, org: str, address: str) -> dict[str, Any]:
    """What one side tells the other of itself."""
    spaces = [one for one in await governance.workspaces_in(tx) if one.org == org and not one.playground_of]
    return {
        "version": VERSION, "address": address, "key": keys.newest.public.hex(), "name": spaces[0].org_name,
        "teams": [{"id": one.id, "name": one.name, "domain": one.domain, "own": True} for one in spaces],
    }  # fmt: skip


def check_introduction(told: Mapping[str, Any]) -> bytes:
    """The key of a side that introduces itself. Raises BadEntry."""
    if told.get("version") != VERSION:
        raise WrongVersion(f"This server speaks version {VERSION}.", field="version")
    wire.text(told, "name", 80)
    wire.text(told, "address", 200)
    wire.several(told, "teams", 200)
    try:
        key = bytes.fromhex(wire.text(told, "key", 64))
    except ValueError as error:
        raise BadEntry("`key` is 32 bytes in hexadecimal digits.", field="key") from error
    if len(key) != 32:
        raise BadEntry("`key` is 32 bytes in hexadecimal digits.", field="key")
    return key


def knows(key: bytes, side: str, told: Mapping[str, Any]) -> bool:
    """Whether what one side told proves that it knows the code."""
    plain = {name: value for name, value in told.items() if name != "proof"}
    return hmac.compare_digest(proof(key, side, plain), str(told.get("proof", "")))


def believed(codes: list[tuple[str, bytes]], told: Mapping[str, Any]) -> tuple[str, bytes]:
    """Whose code it is that somebody knows: (partner, key). Raises CodeNotKnown."""
    for known, key in codes:
        if knows(key, "asks", told):
            return known, key
    raise CodeNotKnown(field="code")


def check_own_signature(headers: Mapping[str, str], url: str, body: bytes, key: bytes, pairing: str, now: int) -> None:
    """That whoever introduces itself holds the key. Raises BadSignature."""
    signed = signing.read(headers)
    signing.demand(signed, headers, body, now)
    if signed.keyid != f"{pairing}.{key_id(key)}":
        raise BadSignature("The key that signed is not the one that was told.")
    signing.verify(key, signed, "POST", url, headers)


async def meet(tx: Tx, governance: Governance, partner: Partner, told: Mapping[str, Any]) -> None:
    """The other organisation's workspaces, as they are known here from now on."""
    for team in wire.several(told, "teams", 200):
        name, domain = str(clean(team.get("name") or "?")), str(clean(team.get("domain") or "elsewhere"))
        space = await governance.strangers.workspace_in(tx, partner.id, partner.stranger, name, domain)
        await names.keep(tx, partner.id, "team", wire.text(team, "id", 40), space.id)
