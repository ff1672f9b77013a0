"""A learned model as JSON, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from dure.deals.winning.features import Shape
from dure.deals.winning.learn import Learned
from dure.deals.winning.logistic import Logistic


def to_json(model: Learned) -> dict[str, Any]:
    shape, fitted = model.shape, model.logistic
    return {
        "shape": {
            "bends": shape.bends, "stage_bends": shape.stage_bends, "oldest": shape.oldest, "amount": shape.amount,
            "left_out": shape.left_out,
        },
        "middle": fitted.middle.tolist(), "scale": fitted.scale.tolist(), "weights": fitted.weights.tolist(),
        "intercept": fitted.intercept, "begin": fitted.begin,
        "left_out": dict(model.left_out), "typical": dict(model.typical), "rate": model.rate, "ridge": model.ridge,
        "examples": model.examples, "looks": model.looks, "deals": model.deals,
    }  # fmt: skip


def from_json(kept: dict[str, Any]) -> Learned:
    shape = kept["shape"]
    return Learned(
        Shape(tuple(shape["bends"]), tuple(shape["stage_bends"]), shape["oldest"], shape["amount"],
              tuple(shape["left_out"])),
        Logistic(np.array(kept["middle"]), np.array(kept["scale"]), np.array(kept["weights"]), kept["intercept"],
                 kept["begin"]),
        kept["left_out"], kept["typical"], kept["rate"], kept["ridge"], kept["examples"], kept["looks"], kept["deals"],
    )  # fmt: skip
