import numpy as np
import pytest

from heldout.stats.population import aggregate_score, exploitability, population_return


def test_a_population_worked_by_hand():
    # rows: opponents; columns: rock always, a fair die. Opponents: paper always, scissors always, a die.
    earned = np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    assert population_return(earned).tolist() == [0.0, 0.0]
    assert exploitability(earned).tolist() == [1.0, 0.0]
    assert aggregate_score(earned).tolist() == [-1.0, 0.0]


def test_against_loops_over_a_table_of_a_zero_sum_game():
    rng = np.random.default_rng(0)
    half = rng.normal(size=(9, 9))
    table = half - half.T  # what the row earns from the column
    for player in range(9):
        most = max(table[other][player] for other in range(9))
        mean = sum(table[player][other] for other in range(9)) / 9
        assert exploitability(table[player]) == most
        assert population_return(table[player]) == pytest.approx(mean)
        assert aggregate_score(table[player]) == pytest.approx(mean - most)
    assert exploitability(table[:, :].T).min() >= 0  # in such a table nobody earns from everybody, itself included
