"""Dure read, and nothing begun yet: what processes are forked from."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """ClickHouse's library begins threads when it is read, and they would not be there after a fork."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


sys.modules.setdefault("chdb", Later("chdb"))

import dure.commands  # noqa: E402
import dure.serving  # noqa: E402, F401
