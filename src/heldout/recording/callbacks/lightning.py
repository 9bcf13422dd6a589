"""PyTorch Lightning: `Trainer(callbacks=[Record(recorder, {"val_accuracy": "iid"})])`."""

from typing import Any

from lightning.pytorch.callbacks import Callback  # pyright: ignore[reportMissingImports]

from heldout.recording.callbacks.metrics import Metrics, take
from heldout.recording.recorder import Recorder


class Record(Callback):
    """Records validation metrics whenever validation ends, at the trainer's global step."""

    def __init__(self, recorder: Recorder, metrics: Metrics) -> None:
        self.recorder, self.metrics = recorder, metrics

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002
        """Take what validation logged; the sanity check before training is none."""
        if not trainer.sanity_checking:
            take(self.recorder, self.metrics, trainer.callback_metrics, trainer.global_step)
