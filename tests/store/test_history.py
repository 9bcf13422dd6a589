import shutil
import subprocess
import sys

import pytest

from heldout.core import HeldoutError
from heldout.store import open_store
from heldout.store.history import locks


def test_changes_are_counted(folder):
    store = open_store(folder)
    assert [store.lock("s", d) for d in ("a", "a", "b", "b", "a", "c")] == [0, 0, 1, 1, 2, 3]
    assert open_store(folder).lock("s", "c") == 3
    assert store.lock("other", "a") == 0
    assert locks(folder, "s") == ["a", "b", "a", "c"]


def test_two_processes_with_the_same_change_count_it_once(folder):
    store = open_store(folder)
    store.lock("s", "a")
    code = "import sys; from heldout.store import open_store; s = open_store(sys.argv[1]); print(s.lock('s', 'b'))"
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    assert [one.communicate()[0] for one in both] == ["1\n", "1\n"]
    assert store.lock("s", "b") == 1


def test_histories_merge_by_copying(tmp_path):
    one, two = open_store(tmp_path / "1"), open_store(tmp_path / "2")
    one.lock("s", "a")
    two.lock("s", "a")
    two.lock("s", "b")
    shutil.copytree(tmp_path / "2" / "locks", tmp_path / "1" / "locks", dirs_exist_ok=True)
    assert one.lock("s", "b") == 1


def test_names_of_studies_cannot_leave_the_folder(folder):
    open_store(folder).lock("../../evil", "a")
    assert not (folder.parent / "evil").exists()
    with pytest.raises(HeldoutError, match="letters and digits"):
        open_store(folder).lock("s", "../a")
