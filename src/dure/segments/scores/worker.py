"""The process in which a score is trained and people get their values: `python -m dure.segments.scores.worker FOLDER`.

It reaches no database. The folder holds `task.json`, `part-N.bin` and, for look-alikes, `members.bin`; it says how far
it is on its output, a line each time, and leaves `done.json` and `values.npy`. Killing it at any moment loses nothing.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from dure.segments.scores.alike import train_alike
from dure.segments.scores.model import History, Settings
from dure.segments.scores.reading import history_of
from dure.segments.scores.scoring import REASONS, as_long, deciles, drifted, values_at
from dure.segments.scores.training import Refused, train

VALUES = np.dtype(
    [("high", "<u8"), ("low", "<u8"), ("value", "<f8"), ("decile", "<i2"), ("reason", "<i2", REASONS),
     ("reason_value", "<f8", REASONS), ("push", "<f8", REASONS)]
)  # fmt: skip


def main(folder: Path) -> None:
    task = json.loads((folder / "task.json").read_text())
    settings = msgspec.convert(task["settings"], Settings)
    members = np.fromfile(folder / "members.bin", dtype="<u8").reshape(-1, 2) if settings.kind == "alike" else None
    coefficients, card = task["coefficients"], None
    if coefficients is None:
        history, ids = _part(folder, 0, task["names"])
        if members is not None:
            trained = train_alike(history, settings, _among(ids, members), task["now"], _say)
        else:
            trained = train(history, settings, task["begin"], task["now"], _say)
        if isinstance(trained, Refused):
            _leave(folder, {"refused": dict(trained.said)})
            return
        coefficients, card = dict(trained.coefficients), dict(trained.card)
    found, compared = [], []
    for number in range(task["parts"]):
        history, ids = _part(folder, number, task["names"])
        outside = None if members is None else _among(ids, members)
        values = values_at(history, settings, coefficients, task["now"], outside)
        told = np.zeros(len(values.people), dtype=VALUES)
        told["high"], told["low"] = ids[values.people, 0], ids[values.people, 1]
        told["value"] = values.value
        told["reason"] = -1
        wide = values.reason.shape[1]
        told["reason"][:, :wide] = values.reason
        told["reason_value"][:, :wide] = values.reason_value
        told["push"][:, :wide] = values.push
        found.append(told)
        short = as_long(history, coefficients, task["now"])
        compared.append(values if short is history else values_at(short, settings, coefficients, task["now"], outside))
    everybody = np.concatenate(found)
    moved = drifted(coefficients, [one.rows for one in compared], np.concatenate([one.value for one in compared]))
    everybody["decile"] = deciles(everybody["value"])
    if members is not None and len(everybody):  # a ranking: the place among all, 1 for the first
        place = np.argsort(np.argsort(everybody["value"], kind="stable"), kind="stable")
        everybody["value"] = (place + 1) / len(everybody)
    np.save(folder / "values.npy", everybody)
    _leave(folder, {"coefficients": coefficients, "card": card, "drift": moved})


def _part(folder: Path, number: int, names: list[str]) -> tuple[History, np.ndarray]:
    return history_of((folder / f"part-{number}.bin").read_bytes(), names)


def _among(ids: np.ndarray, members: np.ndarray) -> np.ndarray:
    pair = np.dtype([("high", "<u8"), ("low", "<u8")])
    return np.isin(
        np.ascontiguousarray(ids, dtype="<u8").view(pair).reshape(-1),
        np.ascontiguousarray(members, dtype="<u8").view(pair).reshape(-1),
    )  # fmt: skip


def _say(done: int, total: int) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


def _leave(folder: Path, told: dict[str, Any]) -> None:
    (folder / "done.json").write_text(json.dumps(told))


if __name__ == "__main__":
    os.nice(10)  # people who wait for an answer come first
    main(Path(sys.argv[1]))
