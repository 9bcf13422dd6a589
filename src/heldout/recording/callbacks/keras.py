"""Keras: `model.fit(..., callbacks=[Record(recorder, {"val_accuracy": "iid", "accuracy": "train"})])`."""

from collections.abc import Mapping
from typing import Any

from keras.callbacks import Callback  # pyright: ignore[reportMissingImports]

from heldout.recording.callbacks.metrics import Metrics, take
from heldout.recording.recorder import Recorder


class Record(Callback):
    """Records an epoch's metrics when it ends, at the number of epochs so far."""

    def __init__(self, recorder: Recorder, metrics: Metrics) -> None:
        super().__init__()
        self.recorder, self.metrics = recorder, metrics

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Take what the epoch logged."""
        take(self.recorder, self.metrics, logs or {}, epoch + 1)
