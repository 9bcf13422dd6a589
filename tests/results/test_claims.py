import numpy as np
import pytest
from scipy import stats

from heldout.core.errors import HeldoutError
from heldout.results import claims
from heldout.results.table import Items, Table

RNG = np.random.default_rng(0)
SCORES = RNG.normal(0, 0.1, (3, 8, 4)) + np.array([0.4, 0.45, 0.8])[:, None, None]
TABLE = Table("runs", ("small", "base model", "large"), ("maths", "code", "law", "chat"), SCORES)
PAIRED = Table("runs", TABLE.systems, TABLE.tasks, SCORES, paired=True)


def words(table=TABLE, **statements):
    return [v.verdict for v in claims.decided(statements, table)]


@pytest.mark.parametrize("table", [TABLE, PAIRED])
def test_verdicts_on_the_forms_of_a_claim(table):
    found = words(
        table,
        yes='score("large") > score("small") + 0.1',
        no='score("small") > score("large")',
        task='score("large", "maths") > score("small", "maths")',
        close='near(score("small"), score("base model"), 0.2)',
        apart='near(score("small"), score("large"), 0.1)',
        chain='ordered(score("large"), score("base model"), score("small") - 1)',
        level="score(large) > 0.5",
        both='score("large") > 0.5 and score("small") > 0.6',
        void='given(score("large") > 0.5, score("small") > 0.9)',
    )
    assert found == [
        "supported",
        "refuted",
        "supported",
        "supported",
        "refuted",
        "supported",
        "supported",
        "refuted",
        "void",
    ]


def test_the_interval_is_welchs():
    verdict = claims.decided({"c": "score(large, maths) > score(small, maths) + 0.1"}, TABLE)[0]
    ends = stats.ttest_ind(SCORES[2, :, 0], SCORES[0, :, 0], equal_var=False).confidence_interval()
    assert (verdict.low, verdict.high) == pytest.approx((ends.low, ends.high), abs=0.003)
    assert verdict.bound == pytest.approx(0.1)
    assert verdict.statement == "score(large, maths) > score(small, maths) + 0.1"


def test_zeros_and_ones_against_a_number_are_exact():
    values = np.zeros((2, 30))
    values[0, :27], values[1, :15] = 1, 1
    table = Table(
        "items",
        ("A", "B"),
        ("all",),
        values.mean(axis=1)[:, None, None],
        Items(values, values * 0 + 1, np.zeros(30, int)),
    )
    verdict = claims.decided({"c": "score(A) > 0.7"}, table)[0]
    test = stats.binomtest(27, 30, 0.7)
    ends = test.proportion_ci(method="exact")
    assert (verdict.low, verdict.high) == pytest.approx((ends.low, ends.high))
    assert "binomial" in verdict.method
    upper = stats.binomtest(27, 30, 0.7, alternative="greater").pvalue
    assert verdict.verdict == ("supported" if 2 * upper <= 0.05 else "undecided")


def test_holm_over_all_claims():
    scores = RNG.normal(size=(2, 10, 1))
    scores += 1.1 * (np.array([0, 1.0]) - scores.mean(axis=(1, 2)))[:, None, None]
    table = Table("runs", ("A", "B"), ("t",), scores)
    one = {"c": "score(B) > score(A) + 0.01"}
    alone = claims.decided(one, table)[0]
    many = claims.decided(one | {f"d{i}": f"score(A) > {i / 100}" for i in range(40)}, table)[0]
    assert alone.verdict == "supported" or many.verdict == "undecided"
    assert many.verdict != "supported" or alone.verdict == "supported"


def test_family_wise_error_of_claims_at_their_bound():
    rng, wrong, sims = np.random.default_rng(3), 0, 150
    for _ in range(sims):
        table = Table("runs", ("A", "B", "C"), ("s", "t"), rng.normal(size=(3, 6, 2)))
        asked = {"1": "score(A) > score(B)", "2": "score(B) > score(C)", "3": "score(A) > 0"}
        wrong += any(v.verdict in ("supported", "refuted") for v in claims.decided(asked, table))
    assert wrong / sims <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / sims)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("score(tiny) > 0", "tiny"),
        ("score(large, physics) > 0", "physics"),
        ("score() > 0", "write score"),
        ("score(large", "cannot be read"),
        ("__import__('os').system('true') > 0", "is not one of"),
        ("score(large)", "not a claim"),
        ("(" * 3000, "read"),
    ],
)
def test_what_cannot_be_read_is_one_line(text, error):
    with pytest.raises(HeldoutError, match=error) as raised:
        claims.decided({"name": text}, TABLE)
    assert "\n" not in str(raised.value)


def test_a_name_that_is_a_system_and_a_task():
    table = Table("runs", ("A", "B"), ("A", "t"), RNG.normal(size=(2, 5, 2)) + np.array([9.0, 0])[:, None, None])
    assert words(table, c='score("A", "A") > score("B", "A")') == ["supported"]


def test_files_of_claims():
    assert claims.read("# why\n\n a : score(x) > 1 \nb: score(y) > 2") == {"a": "score(x) > 1", "b": "score(y) > 2"}
    for text, error in (("score(x) > 1", "line 1"), ("a: b\na: c", "there already"), ("", "no claim")):
        with pytest.raises(HeldoutError, match=error):
            claims.read(text)


@pytest.mark.parametrize("table", [TABLE, PAIRED])
def test_all_tasks_beside_one_are_told_task_by_task(table):
    """mean over four tasks less one of them: 3/4 of the other three less 3/4 of that one."""
    verdict = claims.decided({"c": "score(large) - score(large, maths) < 0.3"}, table)[0]
    means = SCORES[2].mean(axis=0)
    assert verdict.estimate == pytest.approx(means.mean() - means[0])
    weights = np.array([1 / 4 - 1, 1 / 4, 1 / 4, 1 / 4])
    error = np.sqrt((weights**2 * SCORES[2].var(axis=0, ddof=1) / 8).sum())
    assert verdict.high - verdict.estimate == pytest.approx(stats.t(25).ppf(0.975) * error, rel=0.15)
    assert verdict.verdict == "supported"


def test_sums_and_multiples_of_scores():
    verdict = claims.decided({"c": "2 * score(large) - score(small) - score('base model') > 0.5"}, TABLE)[0]
    wanted = 2 * SCORES[2].mean() - SCORES[0].mean() - SCORES[1].mean()
    assert verdict.estimate == pytest.approx(wanted)
    assert verdict.verdict == "supported"
    assert words(some="at_least(1, score(large) > 0.7, score(small) > 0.7)") == ["supported"]


def test_what_a_table_cannot_say_is_undecided_with_a_reason():
    for text in ("wins([(score(large), score(small))]) > 0.4", "score(large) * score(small) > 0"):
        found = claims.decided({"c": text}, TABLE)[0]
        assert found.verdict == "undecided"
        assert "added, subtracted" in (found.reason or "")
    values = (RNG.random((2, 40)) < 0.5).astype(float)
    items = Items(values, values * 0 + 1, np.repeat([0, 1], 20), np.tile(np.arange(20), 2))
    table = Table("items", ("A", "B"), ("s", "t"), np.full((2, 1, 2), 0.5), items)
    found = claims.decided({"c": "score(A, s) > score(B, t)"}, table)[0]
    assert "clusters reach over tasks" in (found.reason or "")
