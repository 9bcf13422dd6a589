import pytest

from heldout.claims.notation import parse
from heldout.core import (
    HeldoutError,
    all_of,
    at_least,
    forgetting,
    gap,
    halving,
    hardest,
    mean,
    ordered,
    score,
    slope,
    steps_to,
    trend,
    worst,
)
from heldout.core.expression import wins
from heldout.core.split import IID, At, Split
from heldout.measures.churn import churn


@pytest.fixture
def names(named):
    return {n: named(n) for n in ("digits", "cnn", "mlp", "a wide net")}


@pytest.fixture
def cells(names):
    return score(names["digits"], names["cnn"]), score(names["digits"], names["mlp"])


def test_what_python_writes_text_writes_too(names, cells):
    cnn, mlp = cells
    digits, net = names["digits"], names["cnn"]
    for text, claim in (
        ("score(digits, cnn) > 0.9", cnn > 0.9),
        ("score(digits, cnn) > score(digits, mlp) + 0.1", cnn > mlp + 0.1),
        ("0.5 < score(digits, cnn)", cnn > 0.5),
        ("2 * score(digits, cnn) - score(digits, mlp) < -1", 2 * cnn - mlp < -1),
        ("score(digits, 'a wide net', 'noise') > 0", score(digits, names["a wide net"], "noise") > 0),
        ("score(digits, cnn, At('noise', 3)) > 0.5", score(digits, net, At("noise", 3)) > 0.5),
        ("score(digits, cnn, probe='calibration') < 0.1", score(digits, net, probe="calibration") < 0.1),
        ("gap(digits, cnn, noise) < 0.2", gap(digits, net, "noise") < 0.2),
        ("worst(digits, cnn, 'noise') > 0.2", worst(digits, net, "noise") > 0.2),
        ("steps_to(digits, cnn, 'iid', 0.9) < 100", steps_to(digits, net, "iid", 0.9) < 100),
        ("slope(digits, cnn, noise) < 0", slope(digits, net, "noise") < 0),
        ("slope(digits, cnn, noise[gauss]) < 0", slope(digits, net, At("noise", group="gauss")) < 0),
        ("halving(digits, cnn, noise, 0) > 3", halving(digits, net, "noise", 0) > 3),
        ("halving(digits, cnn, 'noise', 0, share=0.9, floor=0.1) > halving(digits, mlp, noise, 0)",
         halving(digits, net, "noise", 0, share=0.9, floor=0.1) > halving(digits, names["mlp"], "noise", 0)),
        ("forgetting(digits, cnn, stage) < 0.1", forgetting(digits, net, "stage") < 0.1),
        ("churn(digits, cnn) > churn(digits, 'a wide net', iid)", churn(digits, net) > churn(digits, names["a wide net"])),
        ("mean(score(digits, cnn)) > 0.9", mean(cnn) > 0.9),
        ("trend([score(digits, cnn), score(digits, mlp), score(digits, cnn)], [1, 2, 3]) > 0",
         trend([cnn, mlp, cnn], [1, 2, 3]) > 0),
        ("wins([(score(digits, cnn), score(digits, mlp))]) > 0.5", wins([(cnn, mlp)]) > 0.5),
        ("ordered(score(digits, cnn), score(digits, mlp))", ordered(cnn, mlp)),
        ("all_of(score(digits, cnn) > 0.1, score(digits, mlp) > 0.1)", all_of(cnn > 0.1, mlp > 0.1)),
        ("at_least(1, score(digits, cnn) > 0.1, score(digits, mlp) > 0.1)", at_least(1, cnn > 0.1, mlp > 0.1)),
        ("near(score(digits, cnn), score(digits, mlp), 0.1)", cnn.near(mlp, 0.1)),
        ("(score(digits, cnn) > 0.9).given(score(digits, mlp) > 0.1)", (cnn > 0.9).given(mlp > 0.1)),
        ("given(score(digits, cnn).near(0.9, 0.1), score(digits, mlp) > 0.1)", cnn.near(0.9, 0.1).given(mlp > 0.1)),
    ):  # fmt: skip
        assert parse(text, names) == claim, text


def test_the_hardest_axis_is_written_by_its_name(named):
    task, net = named("digits", splits=(IID, Split("n1", "noise", 1), Split("b1", "blur", 1))), named("cnn")
    claim = hardest(task, net, "noise")
    assert parse("hardest(digits, cnn, noise)", {"digits": task, "cnn": net}) == claim
    assert parse(claim.text, {"digits": task, "cnn": net}).components() == claim.components()
    with pytest.raises(HeldoutError, match="there is noise, blur"):
        parse("hardest(digits, cnn, weather)", {"digits": task, "cnn": net})


def test_what_a_claim_prints_is_read_back(names, cells):
    cnn, mlp = cells
    digits, net = names["digits"], names["cnn"]
    noisy = score(names["digits"], names["cnn"], At("noise", 3.0, "gauss"))
    for claim in (cnn > 0.9, cnn < mlp - 0.1, cnn.near(mlp, 0.05), (cnn > mlp).given(mlp > 0.1), noisy > 0.5,
                  all_of(cnn > 0.1, mlp > 0.1, noisy > 0), mean(cnn - mlp) > 0.01,
                  slope(digits, net, At("noise", group="gauss")) < -0.1, churn(digits, net) < 0.1,
                  halving(digits, net, "noise", 0, share=0.9, floor=0.1) > 3, forgetting(digits, net, "stage") > 0,
                  (cnn > mlp).given(mlp.near(0.5, 0.1)).given(cnn > 0)):  # fmt: skip
        assert parse(claim.text, names) == claim, claim.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column 1: cannot be read"),
        ("score(digits, cnn", "column 6: cannot be read"),
        ("score(digits, dnn) > 0.9", "column 15: nothing is called 'dnn'"),
        ("score(digits, cnn) > 0.9, given score(digits, x) > 1", "column 47: nothing is called 'x'"),
        ("score(digits, cnn)", "not a claim"),
        ("1 < 2", "must be a measure"),
        ("score(digits, cnn) > 0.1 > 0", r"ordered\(a, b, c\)"),
        ("score(digits, cnn) >= 0.5", "with > or <"),
        ("score(digits, cnn) > 1e999", "not part of the notation"),
        ("score(digits, cnn) > True", "not part of the notation"),
        ("score(digits, cnn) > 'high'", "makes no sense"),
        ("score() > 1", "makes no sense"),
        ("log(score(digits, cnn)) > 0", "positive lower bound"),
        ("score(digits, cnn).near(0.5, -1)", "positive margin"),
        ("__import__('os').system('true')", "is not one of"),
        ("().__class__.__bases__", "not part of the notation"),
        ("[x for x in digits]", "not part of the notation"),
        ("(lambda: 1)()", "is not one of"),
        ("digits.name > 1", "not part of the notation"),
        ("score(digits, cnn) > 0.5 if 1 else 2", "not part of the notation"),
        ("score(*digits) > 1", "not part of the notation"),
        ("\0", "cannot be read"),
        ("(" * 100 + "1" + ")" * 100, "nested or chained 100 times"),
        ("-" * 3000 + "1", "too deep"),
        ("1+" * 1900 + "1 > 0", "nested more than 60 deep"),
        (" and ".join(["score(digits, cnn) > 0"] * 100), "nested or chained"),
        ("x" * 5000, "5000 characters"),
    ],
)
def test_everything_else_is_refused_with_its_place(names, text, message):
    with pytest.raises(HeldoutError, match=message):
        parse(text, names)
