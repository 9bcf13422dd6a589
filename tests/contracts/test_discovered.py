"""The contracts of studies and learners, over everything that is discovered, as far as they cost no training.

`heldout check STUDY` holds all of them, with the smoke run and resuming, which compile every learner.
"""

import pytest

from heldout.contracts import learner as on_learner
from heldout.contracts import study as on_study
from heldout.core.cell import cells
from heldout.core.discover import load, studies

FOUND = studies()


@pytest.fixture(scope="module")
def loaded():
    return {slug: load(found.reference) for slug, found in FOUND.items()}


@pytest.fixture(scope="module")
def there():
    """What one other process, with another hash seed, takes for the digests."""
    return dict(zip(FOUND, on_study.elsewhere([f.reference for f in FOUND.values()]), strict=True))


@pytest.mark.parametrize("slug", FOUND)
def test_studies(slug, loaded, there):
    study, path = loaded[slug], FOUND[slug].path
    assert path is None or on_study.named_after_its_file(study, path) == ()
    assert on_study.stable(study) == ()
    assert on_study.fingerprint(study) == there[slug]
    assert on_study.decidable(study) == ()


@pytest.mark.parametrize("slug", FOUND)
def test_learners(slug, loaded):
    study = loaded[slug]
    for learner in study.learners:
        assert on_learner.complete(cells(study.tasks[0], learner)[0].learner) == ()
        cell = cells(study.tasks[0], learner)[0]
        assert on_learner.repeats(cell) == ()
        assert on_learner.trains_on_train_only(cell) == ()
