"""A fresh run's own folder: it goes with the run, or with the next one where the run was killed."""

from heldout.cli.fresh import fresh, own
from heldout.store import open_store


def test_what_a_killed_run_left_goes_and_what_a_living_one_has_stays(tmp_path):
    store = open_store(tmp_path)
    place = tmp_path / "fresh"
    (place / "dead-1" / "batches").mkdir(parents=True)
    (place / ".dead").touch()
    (place / "living-1").mkdir()
    with own(place / ".living"), fresh(store) as one, fresh(store) as two:
        assert {p for p in place.iterdir() if p.is_dir()} == {place / "living-1", one.folder, two.folder}
        assert not (place / ".dead").exists()
    assert [p.name for p in place.iterdir()] == ["living-1"]


def test_a_run_that_fails_leaves_nothing(tmp_path):
    try:
        with fresh(open_store(tmp_path)):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert not list((tmp_path / "fresh").iterdir())
