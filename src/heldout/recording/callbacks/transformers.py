"""Transformers: `Trainer(..., callbacks=[Record(recorder, {"eval_accuracy": "iid"})])`."""

from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback  # pyright: ignore[reportMissingImports]

from heldout.recording.callbacks.metrics import Metrics, take
from heldout.recording.recorder import Recorder


class Record(TrainerCallback):  # pyright: ignore[reportGeneralTypeIssues]
    """Records evaluation metrics whenever the trainer evaluates, at its global step."""

    def __init__(self, recorder: Recorder, metrics: Metrics) -> None:
        self.recorder, self.metrics = recorder, metrics
        self.had: Mapping[str, Any] = {}

    def on_evaluate(
        self,
        args: Any,  # noqa: ARG002
        state: Any,
        control: Any,  # noqa: ARG002
        metrics: Mapping[str, Any] | None = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        """Take what the evaluation measured; of several evaluation sets each has metrics of its own."""
        if any(name in (metrics or {}) for name in self.metrics):
            take(self.recorder, self.metrics, metrics or {}, state.global_step)
        else:
            self.had = metrics or {}

    def on_train_end(
        self,
        args: Any,  # noqa: ARG002
        state: Any,
        control: Any,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        """HeldoutError where there were evaluations, and no metric of any was one of those named."""
        if self.had and not self.recorder.records:
            take(self.recorder, self.metrics, self.had, state.global_step)
