from heldout.core.cell import Cell
from heldout.studies.formal.grokking_tickets import (
    STEPS,
    addition,
    anywhere,
    dense,
    early,
    grokked,
    memorising,
    rescaled,
    study,
)


def test_every_ticket_is_trained_as_its_source_was_and_as_long_as_the_dense_network():
    for one, source in ((grokked, dense), (anywhere, dense), (rescaled, dense), (memorising, early)):
        assert one.learner == dense
        assert one.steps == STEPS
        (need,) = Cell(addition, one).needs
        assert (need.task, need.learner) == (addition, source)


def test_claims_mean_something_only_if_the_dense_network_groks_and_the_early_one_has_memorised():
    for claim in study.claims.values():
        asked = [m.text for c in claim.conditions() for m in c.measures()]
        assert asked == [
            f"score({addition.name}, dense, iid)",
            f"score({addition.name}, dense, memorising, train)",
            f"score({addition.name}, dense, memorising, iid)",
        ]
