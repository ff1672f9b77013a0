"""Apps that may sign in at Salesforce's door, over Dure's own REST."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.deals.salesforce.apps import Apps
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewApp:
    """`certificate` is PEM and lets the app sign in as whom it names; `account` is who its secret stands for."""

    name: str
    certificate: str = ""
    account: str = ""


def router(apps: Apps) -> APIRouter:
    """/api/v1/deals/salesforce/apps."""
    routes = APIRouter(prefix="/api/v1/deals/salesforce", tags=["deals"])

    @routes.get("/apps")
    async def all_apps(caller: Caller) -> dict[str, Any]:
        """Apps that may sign in at Salesforce's door, without their secrets."""
        return {"apps": [asdict(app) for app in await apps.all(caller)]}

    @routes.post("/apps", status_code=201)
    async def register(caller: Caller, body: NewApp) -> dict[str, Any]:
        """Registers an app; its secret is shown this once."""
        return asdict(await apps.register(caller, body.name, certificate=body.certificate, account=body.account))

    @routes.delete("/apps/{app}", status_code=204)
    async def remove(caller: Caller, app: str) -> None:
        """Takes an app's access away; its sessions end at once."""
        await apps.remove(caller, app)

    return routes
