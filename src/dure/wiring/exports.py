"""Exports' room: events on their way out, and where they may go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.connectors.s3 import S3Storage
from dure.exports import routes
from dure.exports.api import Exports
from dure.exports.folder import FolderStorage
from dure.exports.model import Kind
from dure.wiring.ground import Ground
from dure.work import Loop


class ExportsRoom:
    def __init__(self, ground: Ground) -> None:
        self.exports = Exports(
            ground.state, ground.log, ground.clock, signing_key=ground.key,
            storages={
                Kind.FOLDER: FolderStorage(ground.settings.exports),
                Kind.S3: S3Storage(ground.outgoing()),
            },
        )  # fmt: skip

    def routers(self) -> Sequence[APIRouter]:
        return (routes.router(self.exports),)

    def loops(self) -> Mapping[str, Loop]:
        return {"exports": self.exports.run}
