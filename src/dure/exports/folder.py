"""A folder on the server's own disk as a storage."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from dure.exports.model import Place
from dure.kernel.errors import Invalid, Unavailable
from dure.kernel.tenant import Tenant


class FolderStorage:
    """Fills `plugs.Storage`. Everything lies under `root`, which the server's keeper chose, apart by workspace."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, tenant: Tenant, place: Place, secret: str, name: str, content: bytes) -> None:
        """Written beside its place and moved there once it is on disk: a reader never sees half of it."""
        del secret
        try:
            await asyncio.to_thread(self._put, self.path_of(tenant, place) / name, content)
        except OSError as error:  # its own words name folders of the server, which are nobody's business here
            raise Unavailable(f"The folder cannot be written: {error.strerror}.") from error

    def path_of(self, tenant: Tenant, place: Place) -> Path:
        """Where a target's objects lie; Invalid for a way out of the root."""
        root = self._root.resolve() / tenant.workspace
        path = (root / place.path).resolve()
        if path != root and root not in path.parents:
            raise Invalid("`path` names a folder inside of the export folder.", field="path")
        return path

    def _put(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
