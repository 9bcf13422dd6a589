"""LightGBM: `lgb.train(..., valid_sets=[test], valid_names=["test"], callbacks=[Record(recorder, {"test-auc": "iid"})])`."""

from typing import Any

from heldout.recording.callbacks.metrics import Metrics, take
from heldout.recording.recorder import Recorder


class Record:
    """Records evaluation metrics, called `<data>-<metric>`, after every round."""

    order = 20
    before_iteration = False

    def __init__(self, recorder: Recorder, metrics: Metrics) -> None:
        self.recorder, self.metrics = recorder, metrics

    def __call__(self, env: Any) -> None:
        """Take what the round evaluated."""
        logged = {f"{data}-{metric}": value for data, metric, value, *_ in env.evaluation_result_list}
        take(self.recorder, self.metrics, logged, env.iteration + 1)
