"""The demo company between two starts: what must be known to go on living in the same data folder."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from dure.demo import world
from dure.demo.company import Company
from dure.governance.api import Principal, Role
from dure.kernel.tenant import Tenant

_NAME = "demo.json"


def keep(folder: Path, company: Company) -> None:
    """Writes the company down, readable by the folder's owner only: tokens are in it."""
    kept: dict[str, Any] = {
        field.name: getattr(company, field.name)
        for field in fields(company)
        if field.name not in ("world", "tenant", "owner", "users")
    }
    kept |= {"seed": company.world.seed, "end": company.world.end.isoformat(), "tenant": asdict(company.tenant)}
    kept["users"] = {email: [asdict(one.tenant), one.user, one.role.value] for email, one in company.users.items()}
    file = folder / _NAME
    file.touch(mode=0o600)
    file.write_text(json.dumps(kept, ensure_ascii=False))


def recall(folder: Path) -> Company | None:
    """The company that was kept in a folder, or None."""
    try:
        kept = json.loads((folder / _NAME).read_text())
    except FileNotFoundError:
        return None
    users = {
        email: Principal(Tenant(**tenant), user, Role(role))
        for email, (tenant, user, role) in kept.pop("users").items()
    }
    lived = world.build(kept.pop("seed"), datetime.fromisoformat(kept.pop("end")))
    owner = users[lived.employees[0].email]
    return Company(world=lived, tenant=Tenant(**kept.pop("tenant")), owner=owner, users=users, **kept)
