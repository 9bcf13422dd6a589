"""What a contract says about a thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A contract, the thing it was held against, and what is wrong with it in words; nothing if it is kept.

    `skipped`: why it could not be held against the thing.
    """

    contract: str
    thing: str
    problems: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def kept(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
