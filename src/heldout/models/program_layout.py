"""How examples and programs become arrays that a decoder reads, and back.

A position for every place of every example shows what stands there in the input, in the value so far and in the value wanted.
After these columns come the tokens of a program, two for each line, or the numbers of a subgoal, one for each column, each at a
position that shows its column as well.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from heldout.models.decoding import Room
from heldout.tasks.formal.synthesis.language import ABSENT, Language
from heldout.tasks.interfaces import Batch


@dataclass(frozen=True)
class Layout:
    """For a language, how many examples are shown, and how many lines programs may have."""

    language: Language
    shown: int
    lines: int

    @property
    def symbols(self) -> int:
        """How many numbers there are; one more stands for nothing."""
        return self.language.symbols

    @property
    def columns(self) -> int:
        """How many places all examples have."""
        return self.shown * self.language.size

    @property
    def end(self) -> int:
        """The token that ends a program; operations come first, then arguments. The next one begins it."""
        return len(self.language.operations) + len(self.language.arguments)

    @property
    def described(self) -> int:
        """The channels of a column."""
        return 3 * (self.symbols + 1) + self.language.size + self.shown

    @property
    def channels(self) -> int:
        """The channels that a writer reads."""
        return self.described + self.end + 2

    @property
    def planned(self) -> int:
        """The channels that a subgoal model reads: a column, the number before, and whether a number is asked for."""
        return self.described + self.symbols + 2

    def described_columns(self, given: jax.Array, value: jax.Array, wanted: jax.Array) -> jax.Array:
        """(n, shown, size) thrice to (n, columns, described)."""
        numbers = jnp.arange(-1, self.symbols)
        seen = [(x[..., None] == numbers).astype(jnp.float32) for x in (given, value, wanted)]
        shape = (*given.shape, self.language.size)
        place = jnp.broadcast_to(jnp.eye(self.language.size), shape)
        example = jnp.broadcast_to(jnp.eye(self.shown)[:, None], (*given.shape, self.shown))
        return jnp.concatenate([*seen, place, example], -1).reshape(len(given), self.columns, -1)

    # ---- what writers read -------------------------------------------------------------------------------------------

    def shown_token(self, token: jax.Array) -> jax.Array:
        """(...) to (..., channels)."""
        return jax.nn.one_hot(token + self.described, self.channels)

    def asked(self, given: jax.Array, value: jax.Array, wanted: jax.Array, tokens: int) -> jax.Array:
        """Columns, a token that begins, and room for all but the last of so many tokens."""
        columns = self.described_columns(given, value, wanted)
        padded = jnp.pad(columns, ((0, 0), (0, tokens), (0, self.channels - columns.shape[-1])))
        return padded.at[:, self.columns, -1].set(1.0)

    def room(self, tokens: int) -> Room:
        """Where a writer's tokens go."""
        return Room(self.columns + 1, tokens, self.end)

    def written(self, given: jax.Array, value: jax.Array, wanted: jax.Array, program: jax.Array) -> Batch:
        """What a writer learns from: (n, lines) functions, and an end after the last where there is room for one."""
        tokens = self.tokens(program)
        count = tokens.shape[1]
        read = self.asked(given, value, wanted, count)
        read = read.at[:, self.columns + 1 :].set(self.shown_token(tokens[:, :-1]))
        ended = jnp.cumsum(tokens == self.end, axis=1)
        pad = ((0, 0), (self.columns, 0))
        return Batch(read, jnp.pad(tokens, pad), jnp.pad((ended <= 1).astype(jnp.float32), pad))

    def tokens(self, program: jax.Array) -> jax.Array:
        """(n, lines) to (n, 2 lines): operation and argument of each, then ends."""
        language = self.language
        pairs = [
            (language.operations.index(f.operation), len(language.operations) + language.arguments.index(f.argument))
            for f in language.functions
        ]
        chosen = jnp.asarray([*pairs, (self.end, self.end)])[program]
        return chosen.reshape(len(program), -1)

    def functions(self, tokens: jax.Array) -> jax.Array:
        """(..., 2) tokens of a line to its function; an end stops, and what is no function gives one more than that."""
        language = self.language
        pairs = self.tokens(jnp.arange(len(language.functions))[:, None])
        same = (tokens[..., None, :] == pairs).all(-1)
        stop = len(language.functions)
        other = jnp.where(tokens[..., 0] == self.end, stop, stop + 1)
        return jnp.where(same.any(-1), same.argmax(-1), other)

    # ---- what subgoal models read ------------------------------------------------------------------------------------

    def shown_number(self, number: jax.Array) -> jax.Array:
        """(...) to (..., planned): what was said of the column before."""
        return jax.nn.one_hot(number + self.described, self.planned)

    def planned_question(self, given: jax.Array, value: jax.Array, wanted: jax.Array) -> jax.Array:
        """Columns, and columns again where a number is asked for."""
        columns = self.described_columns(given, value, wanted)
        again = jnp.pad(columns, ((0, 0), (0, 0), (0, self.planned - columns.shape[-1])))
        return jnp.concatenate([again, again.at[..., -1].set(1.0)], 1)

    def planned_batch(self, given: jax.Array, value: jax.Array, wanted: jax.Array, after: jax.Array) -> Batch:
        """What a subgoal model learns from: `after` (n, shown, size)."""
        targets = jnp.where(after == ABSENT, self.symbols, after).reshape(len(after), -1)
        read = self.planned_question(given, value, wanted)
        read = read.at[:, self.columns + 1 :].add(self.shown_number(targets[:, :-1]))
        pad = ((0, 0), (self.columns, 0))
        return Batch(read, jnp.pad(targets, pad), jnp.pad(jnp.ones(targets.shape), pad))

    def values(self, numbers: jax.Array) -> jax.Array:
        """(m, columns) numbers to (m, shown, size) values."""
        found = jnp.where(numbers == self.symbols, ABSENT, numbers)
        return found.reshape(-1, self.shown, self.language.size)
