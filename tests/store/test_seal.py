import shutil

import duckdb
import pytest

from heldout.store import open_store, seal


@pytest.fixture(scope="module")
def sealed(tmp_path_factory, batch):
    folder = tmp_path_factory.mktemp("sealed")
    open_store(folder).write(batch("c1", (0, 1)))
    return folder / "batches" / "c1-0-1-p1.parquet"


def test_a_flipped_bit_is_noticed_wherever_it_is(sealed, tmp_path):
    data, path = bytearray(sealed.read_bytes()), tmp_path / "x.parquet"
    for place in (*range(0, len(data), 37), *range(len(data) - 400, len(data), 3)):
        data[place] ^= 1 << place % 8
        path.write_bytes(data)
        with pytest.raises(seal.Damaged):
            seal.read(path)
        data[place] ^= 1 << place % 8
    path.write_bytes(data)
    assert seal.read(path).schema == 1


def test_truncation_is_noticed(sealed, tmp_path):
    data, path = sealed.read_bytes(), tmp_path / "x.parquet"
    for length in range(0, len(data), 97):
        path.write_bytes(data[:length])
        with pytest.raises(seal.Damaged):
            seal.read(path)


def test_a_longer_file_is_noticed(sealed, tmp_path):
    path = tmp_path / "x.parquet"
    path.write_bytes(sealed.read_bytes() + b"PAR1")
    with pytest.raises(seal.Damaged):
        seal.read(path)


def test_the_seal_survives_copying_and_renaming(sealed, tmp_path):
    shutil.copy(sealed, tmp_path / "other.parquet")
    assert seal.read(tmp_path / "other.parquet") == seal.read(sealed)


@pytest.mark.parametrize("text", [b"", b"x", b"PAR1", b"PAR1PAR1PAR1", b"PAR1\xff\xff\xff\x7fPAR1", b"a,b\n1,2\n" * 50])
def test_what_is_no_parquet_file_is_told_apart(tmp_path, text):
    (tmp_path / "x.parquet").write_bytes(text)
    with pytest.raises(seal.Damaged):
        seal.read(tmp_path / "x.parquet")


def test_other_peoples_parquet_is_told_apart(tmp_path):
    path = str(tmp_path / "x.parquet")
    duckdb.connect().execute("COPY (SELECT 1 AS a) TO $1 (FORMAT parquet)", [path])
    with pytest.raises(seal.Damaged, match="not written by heldout"):
        seal.read(tmp_path / "x.parquet")


def test_text_that_looks_like_a_seal_does_not_confuse_it(folder, batch):
    store = open_store(folder)
    made = batch("c1", (0,), items=2)
    made.items["answer"] = ['{"heldout":9,"sha256":"' + "0" * 64 + '","batches":[]}'] * len(made.items["answer"])
    store.write(made)
    assert seal.read(folder / "batches" / f"{made.batch}.parquet").schema == 1
    assert open_store(folder).done(["c1"]) == {"c1": {"p1": {0}}}
