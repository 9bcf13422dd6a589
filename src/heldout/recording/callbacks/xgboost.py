"""XGBoost: `xgb.train(..., evals=[(test, "test")], callbacks=[Record(recorder, {"test-auc": "iid"})])`."""

from typing import Any

from xgboost.callback import TrainingCallback  # pyright: ignore[reportMissingImports]

from heldout.recording.callbacks.metrics import Metrics, take
from heldout.recording.recorder import Recorder


class Record(TrainingCallback):
    """Records evaluation metrics, called `<data>-<metric>` as XGBoost prints them, after every round."""

    def __init__(self, recorder: Recorder, metrics: Metrics) -> None:
        self.recorder, self.metrics = recorder, metrics

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:  # noqa: ARG002
        """Take what the round evaluated; never stop the training."""
        logged = {
            f"{data}-{metric}": values[-1] for data, found in evals_log.items() for metric, values in found.items()
        }
        take(self.recorder, self.metrics, logged, epoch + 1)
        return False
