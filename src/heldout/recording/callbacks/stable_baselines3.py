"""Stable-Baselines3: `model.learn(50_000, callback=Record(recorder, {"iid": env, LONG: env_long}, every=5_000))`."""

from collections.abc import Mapping
from typing import Any

from stable_baselines3.common.callbacks import BaseCallback  # pyright: ignore[reportMissingImports]
from stable_baselines3.common.evaluation import evaluate_policy  # pyright: ignore[reportMissingImports]

from heldout.core.split import Split
from heldout.recording.recorder import Recorder


class Record(BaseCallback):
    """Plays `episodes` in each split's environment every so many steps, and records their mean return.

    Give `record(..., bounds=(lowest, highest))` the bounds of a return.
    """

    def __init__(
        self, recorder: Recorder, worlds: Mapping[str | Split, Any], *, every: int, episodes: int = 10
    ) -> None:
        super().__init__()
        self.recorder, self.worlds, self.every, self.episodes = recorder, worlds, every, episodes

    def _on_step(self) -> bool:
        if self.n_calls % self.every == 0:
            for split, world in self.worlds.items():
                mean, _ = evaluate_policy(self.model, world, n_eval_episodes=self.episodes, warn=False)
                self.recorder.score(split, float(mean), step=self.num_timesteps, n=self.episodes)
        return True
