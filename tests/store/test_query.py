import pytest

from heldout.core import HeldoutError
from heldout.store import open_store
from heldout.store.columns import VIEWS

DESIGN = {
    "specs": "digest, name, kind, version, json, low, high, chance, step_unit",
    "runs": "batch, cell, task, learner, config, seed, status, error, step, seconds, cpu_seconds, tokens, money, "
    "peak_bytes, bases, mode, chunk, started, host, device, commit, dirty, packages, command",
    "records": "cell, task, learner, config, seed, on, split, axis, group, level, probe, step, value, censored, n, "
    "seconds, tokens, money",
    "items": "cell, task, learner, config, seed, on, split, axis, group, level, probe, step, item, cluster, sample, "
    "opponent, value, status, answer, facts, seconds, tokens_in, tokens_out, money",
    "verdicts": "study, lock, claim, statement, verdict, reason, estimate, low, high, alpha, n, unit, method, "
    "assumption, look, revisions, commit, at",
}


@pytest.fixture
def store(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (0, 1), items=3))
    store.write(batch("c2", (0, 1)))
    return store


@pytest.mark.parametrize("view", DESIGN)
def test_the_views_have_the_columns_of_the_design(store, view):
    assert store.query(f"from {view}")[0] == DESIGN[view].split(", ")
    assert list(VIEWS[view]) == DESIGN[view].split(", ")


def test_specs_are_there_once(store):
    _, rows = store.query("from specs order by digest")
    assert rows == [
        ("d1", "parity", "task", 1, "{}", 0.0, 1.0, 0.5, None),
        ("d2", "lstm", "learner", 2, "{}", None, None, None, "update"),
    ]


def test_a_question_is_answered_in_its_order(store):
    sql = 'select cell, "on", count(*) as n, max(level) as high from records group by all order by cell desc limit 2;'
    assert store.query(sql) == (["cell", "on", "n", "high"], [("c2", "", 8, 80.0), ("c1", "", 8, 80.0)])


def test_views_can_be_described(store):
    assert store.query("describe records")[1][0][:2] == ("cell", "VARCHAR")
    assert {"records", "items"} <= {row[0] for row in store.query("show tables")[1]}


@pytest.mark.parametrize(
    "sql",
    [
        "selec 1", "select", "", ";", "select nothing from records", "select * from nothing",
        "select cast('a' as integer)", "select 1; select 2", "select unnest([1], 3, 4",
    ],
)  # fmt: skip
def test_bad_sql_is_answered_in_one_line(store, sql):
    with pytest.raises(HeldoutError, match="the query failed: ") as raised:
        store.query(sql)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{outside}'",
        "copy (select 1) to '{inside}'",
        "with a as (copy (select 1) to '{inside}') select 1",
        "explain analyze copy (select 1) to '{inside}'",
        "select * from query('copy (select 1) to ''{inside}''')",
        "from '{secret}'",
        "from read_text('{secret}')",
        "from read_csv('{secret}')",
        "from read_text('{folder}/batches/../../secret.csv')",
        "from glob('{outside}*')",
        "from read_text('{folder}/store.json')",
        "from sniff_csv('{secret}')",
        "attach '{outside}'",
        "install httpfs",
        "load httpfs",
        "from 'https://example.com/x.parquet'",
        "set threads = 1",
        "set enable_external_access = true",
        "reset lock_configuration",
        "create table t as select 1",
        "drop view records",
        "insert into records values (1)",
        "pragma database_list",
        "call pragma_version()",
        "export database '{outside}'",
        "from open_store",
        "select getenv('HOME')",
    ],
)
def test_a_question_reads_the_store_and_nothing_else(store, tmp_path, sql):
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nswordfish\n")
    places = {
        "outside": tmp_path / "out",
        "secret": secret,
        "folder": store.folder,
        "inside": store.folder / "batches/x.parquet",
    }
    quoted = {name: str(place).replace("'", "''") for name, place in places.items()}
    with pytest.raises(HeldoutError, match="the query failed"):
        store.query(sql.format(**quoted))
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([store.folder.name, "secret.csv"])
    assert len(list((store.folder / "batches").iterdir())) == 2
    assert store.warnings == ()
