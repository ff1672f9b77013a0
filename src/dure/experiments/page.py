"""The screens of experiments and flags."""

from dure.web.page import Page

_EXPERIMENT = {"ko": "실험", "en": "Experiment"}
_FLAG = {"ko": "기능 플래그", "en": "Feature flag"}

PAGES = [
    Page("/experiments", "experiments", {"ko": "실험", "en": "Experiments"}, "trend", "grow", "experiments/list.js",
         key="v"),
    Page("/experiments/new", "experiment-new", {"ko": "새 실험", "en": "New experiment"}, "trend", None,
         "experiments/new.js"),
    Page("/experiments/{id}", "experiment", _EXPERIMENT, "trend", None, "experiments/experiment.js"),
    Page("/feature-flags", "flags", {"ko": "기능 플래그", "en": "Feature flags"}, "flag", "grow",
         "experiments/flags.js"),
    Page("/feature-flags/{key}", "flag", _FLAG, "flag", None, "experiments/flag.js"),
]  # fmt: skip
