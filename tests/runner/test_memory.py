import numpy as np

from heldout.runner.memory import give_back


def test_what_is_in_use_stays():
    kept = [np.full(1000, i) for i in range(2000)]
    del kept[::2]
    give_back()
    assert all((array == 2 * i + 1).all() for i, array in enumerate(kept))
