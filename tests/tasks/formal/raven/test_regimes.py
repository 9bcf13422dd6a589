import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.raven.regimes import CONTEXT, Regime, codes, laid_out
from heldout.tasks.formal.raven.relations import FIELDS, ORDERED, RELATIONS, TRIPLES, holds
from heldout.tasks.formal.raven.structures import HELD_TRIPLES, PARTED, REGIMES, SHIFTED, VALUES, WORDS, structures

KEY = jax.random.key(0)
SMALL = {name: Regime(name, rules=2, size=1500) for name in REGIMES}


def bits(panels):
    """(..., 10) which values are in a panel."""
    return (panels[..., None] >> np.arange(VALUES)) & 1 > 0


def followed(task, split):
    """(n, answers, fields, relations): which relations hold in fields whose answers differ when an answer completes the matrix."""
    made = laid_out(task)[split.name]
    whole = [np.concatenate([made.panels[:, :CONTEXT], made.panels[:, [a]]], 1) for a in range(CONTEXT, CONTEXT + 4)]
    cells = np.moveaxis(bits(np.stack(whole, 1)), 3, 2)
    cells = cells.reshape(*cells.shape[:3], 3, 3, VALUES)
    differ = (made.panels[:, CONTEXT:] != made.panels[:, [CONTEXT]]).any(1)
    return np.stack([holds(r, cells) for r in RELATIONS], -1) & differ[:, None, :, None]


def found(task, split):
    """The structure of every puzzle, read off its panels: the triples by which the right answer completes it."""
    right = followed(task, split)[np.arange(2000), laid_out(task)[split.name].target]
    return [{(RELATIONS[r], *task.fields[f]) for f, r in np.argwhere(one)} & set(TRIPLES) for one in right]


@pytest.mark.parametrize("name", REGIMES)
def test_one_answer_completes_a_puzzle_and_its_triples_are_the_regime_s(name):
    task = SMALL[name]
    for split in task.splits[1:]:
        made, held = laid_out(task)[split.name], followed(task, split).any(-1)
        assert (held.sum(-1) == 2).sum(-1).tolist() == [1] * len(held)
        assert np.array_equal(held.sum(-1).argmax(-1), made.target)
        for triples, meta in zip(found(task, split), made.meta, strict=True):
            told = {WORDS[i] for i in np.flatnonzero(meta)}
            assert told <= {w for t in triples for w in t}  # a progression whose rows are alike is a union as well


def test_held_out_triples_are_only_in_shifted_puzzles():
    task = SMALL["triples"]
    assert {t[1:] for t in HELD_TRIPLES} == set(FIELDS)
    assert {t[0] for t in HELD_TRIPLES} == set(RELATIONS)
    kept, shifted = (found(task, split) for split in task.splits[1:])
    plain = [{t for t in s if t[0] not in ("progression", "consistent union")} for s in kept]
    assert not any(s & set(HELD_TRIPLES) for s in plain)
    assert all(s & set(HELD_TRIPLES) for s in shifted)


@pytest.mark.parametrize(("name", "field"), [("line type", ("line", "type")), ("shape colour", ("shape", "colour"))])
def test_held_out_fields_are_ruled_in_all_shifted_puzzles_and_in_no_others(name, field):
    for split, expected in zip(SMALL[name].splits[1:], (False, True), strict=True):
        assert all(any(t[1:] == field for t in s) == expected for s in found(SMALL[name], split))


def test_held_out_pairs_of_attributes_stand_together_in_all_shifted_puzzles_and_in_no_others():
    for split, expected in zip(SMALL["attribute pairs"].splits[1:], (False, True), strict=True):
        for triples in found(SMALL["attribute pairs"], split):
            attributes = {t[2] for t in triples}
            assert ({"size", "type"} <= attributes or {"number", "position"} <= attributes) == expected


def test_held_out_pairs_of_triples_are_of_triples_that_are_in_training():
    task = SMALL["triple pairs"]
    kept, shifted = (
        {tuple(s) for s in task.plan(split).structures.reshape(-1, 4).tolist()} for split in task.splits[1:]
    )
    assert not kept & shifted
    assert len(kept) + len(shifted) == len(structures(task.fields, 2))
    assert 0.05 < len(shifted) / (len(kept) + len(shifted)) < 0.15
    assert {(s[i], s[i + 1]) for s in kept for i in (0, 2)} >= {(s[i], s[i + 1]) for s in shifted for i in (0, 2)}


@pytest.mark.parametrize("name", PARTED)
def test_values_are_parted(name):
    task = SMALL[name]
    for split in task.splits:
        cells = bits(laid_out(task)[split.name].panels)
        for i, field in enumerate(task.fields):
            values = set(np.flatnonzero(cells[:, :, i].any((0, 1))).tolist())
            every = set(range(FIELDS[field]))
            apart = {v for v in every if (v % 2 == 0 if name == "interpolation" else v < 5)}
            expected = every if field[1] not in ORDERED else apart if split.axis is None else every - apart
            assert values == expected


def test_answers_are_the_leaves_of_a_bisection_tree_and_tell_nothing():
    """The best that counting can do: for every pair of ends of an attribute, the one that was right more often before."""
    task = Regime("extrapolation", rules=2, size=6000)
    made = laid_out(task)["train"]
    answers, n = made.panels[:, CONTEXT:].astype(int), len(made.target)
    right = answers[np.arange(n), made.target]
    assert np.bincount(made.target) == pytest.approx([1500] * 4, rel=0.12)
    assert (np.array([len({tuple(a) for a in some}) for some in answers]) == 4).all()
    guessed = np.ones(n // 2, bool)
    for f in range(len(task.fields)):
        column = answers[..., f]
        other = np.where(column.max(1) == right[:, f], column.min(1), column.max(1))
        assert np.isin((column == right[:, [f]]).sum(1), (2, 4)).all()
        counts = np.zeros((1024, 1024))
        np.add.at(counts, (right[: n // 2, f], other[: n // 2]), 1)
        v, w = right[n // 2 :, f], other[n // 2 :]
        unsure = np.random.default_rng(f).random(n // 2) < 0.5
        ahead = np.where(counts[v, w] == counts[w, v], unsure, counts[v, w] > counts[w, v])
        guessed &= (v == w) | ahead
    assert guessed.mean() == pytest.approx(1 / 4, abs=3 * np.sqrt(0.1875 / (n // 2)))


def test_the_oracle_reads_codes_and_is_right():
    for task in (Regime(size=200), Regime("line type", size=200, distracting=True)):
        for split in task.splits[-1:]:
            scored = jax.jit(lambda key, task=task, split=split: task.trials(task.oracle(), split, key, 200))(KEY)
            assert np.asarray(scored.score).mean() == 1.0
            assert len(np.unique(np.asarray(scored.item), axis=0)) == 200


def test_no_puzzle_is_seen_twice():
    made = laid_out(SMALL["neutral"])
    whole = np.concatenate([made[name].panels.reshape(-1, 84) for name in ("train", "iid")])
    assert len(np.unique(whole, axis=0)) == 3500


def test_codes_of_ordered_values_overlap_with_their_neighbours():
    made = codes((("shape", "size"), ("line", "type")))
    assert made.shape == (20, 16)
    size = made[:10, :10]
    assert np.array_equal(size.argmax(1), np.arange(10))
    assert size[4, 3] == pytest.approx(np.exp(-0.5 / 0.64), rel=1e-6)
    assert np.array_equal(made[10:16, 10:], np.eye(6))
    assert not made[16:].any()


def test_meta_targets_go_with_the_batch():
    task = SMALL["neutral"]
    batch, meta = task.explained(task.splits[0], KEY, 50)
    assert jnp.array_equal(batch.inputs, task.draw(task.splits[0], KEY, 50).inputs)
    assert meta.shape == (50, 12)
    assert meta[:, :2].sum(-1).min() >= 1


def test_distracting_values_change_from_panel_to_panel_but_not_among_answers():
    made = laid_out(Regime(size=200, distracting=True))["train"].panels
    blank = (bits(made).sum(-1) == 1).all(1) & (made[:, CONTEXT:] == made[:, [CONTEXT]]).all(1)
    assert blank.sum() == 4 * len(made)
    assert (
        np.mean([len(set(p[:CONTEXT, f])) > 2 for p, b in zip(made, blank, strict=True) for f in b.nonzero()[0]]) > 0.95
    )


def test_samples_are_the_puzzles_as_text():
    task = SMALL["extrapolation"]
    one = task.samples(task.splits[-1], KEY, 3)[0]
    assert one.text.count("\n") == 6
    assert one.answer in "1234"
    assert one.text.startswith("shape size: {")
    assert SHIFTED["extrapolation"] == task.splits[-1].name


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"regime": "easy"}, "no regime is called 'easy'"),
        ({"fields": (("line", "size"),)}, r"no field is called \('line', 'size'\)"),
        ({"rules": 8}, "regime 'neutral' has no 8 rules of 7 fields for 'train'"),
        (
            {"regime": "line type", "fields": (("shape", "size"), ("shape", "colour")), "rules": 1},
            "'rules of line type'",
        ),
        ({"size": 10}, "size=10 must lie between"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        Regime(**wrong)


def test_the_instances_of_the_docstring():
    def solved(relation, *context):
        """Which one-panel ends complete a matrix of sets."""
        cells = np.array([[v in some for v in range(VALUES)] for some in context])
        ends = np.eye(VALUES, dtype=bool)
        whole = np.stack([np.concatenate([cells, end[None]]).reshape(3, 3, VALUES) for end in ends])
        return np.flatnonzero(holds(relation, whole)).tolist()

    assert solved("XOR", {1}, {1, 2}, {2}, {3}, {4}, {3, 4}, {1, 5}, {5}) == [1]
    assert solved("progression", {1}, {3}, {5}, {4}, {6}, {8}, {2}, {4}) == [6]
