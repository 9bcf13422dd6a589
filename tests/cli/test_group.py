"""The group of all commands: light, sectioned, and brief about errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from heldout import __version__
from heldout.cli.group import _mendable, entries
from heldout.cli.group import heldout as group
from heldout.core.errors import HeldoutError

HEAVY = ("numpy", "rich", "duckdb", "jax", "scipy", "heldout.core", "importlib.metadata")


def python(program, **more):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, **more)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["nonsense"]])
def test_help_imports_nothing_heavy(arguments):
    program = (
        "import sys; from heldout.cli.group import status; status(sys.argv[1:]);"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_command_in_its_section(heldout):
    said = heldout("--help")
    assert said.code == 0
    for name, entry in entries().items():
        assert f"\n{entry.section}:\n" in said.out
        assert f"  {name} " in said.out
        assert entry.help.removesuffix(".")[:30] in said.out
    assert {"run", "list", "show", "plan", "report", "sql", "verify", "new", "check", "doctor", "cite"} <= set(
        entries()
    )
    assert heldout("-h").out == heldout().out == said.out


@pytest.mark.parametrize("name", entries())
def test_every_command_explains_itself(heldout, name):
    said = heldout(name, "-h")
    assert said.code == 0
    assert said.out.startswith(f"Usage: heldout {name}")
    first = entries()[name].help
    assert first.endswith(".")
    assert len(first) <= 72
    command = group.get_command(None, name)  # pyright: ignore[reportArgumentType]
    assert command is not None
    options = [p for p in command.params if p.param_type_name == "option"]
    assert all(p.to_info_dict()["help"] for p in options), "an option without help"


def test_commands_that_print_tables_speak_json():
    for name in ("run", "list", "show", "plan", "report", "sql", "verify", "check", "doctor", "cite"):
        command = group.get_command(None, name)  # pyright: ignore[reportArgumentType]
        assert command is not None
        assert "--json" in {option for p in command.params for option in p.opts}


def test_version(heldout):
    assert heldout("--version").out == f"heldout {__version__}\n"


def test_wrong_words_are_one_line_with_the_nearest(heldout):
    assert "no command 'rnu': did you mean run?" in heldout("rnu").line
    assert "`heldout --help`" in heldout("zzzz").line
    assert "--sedes" in heldout("run", "toys", "--sedes", "3").line
    assert "missing argument" in heldout("run").line
    assert "`heldout run --help` shows how" in heldout("run").line


def test_our_own_errors_keep_their_traceback_and_the_users_can_have_it(monkeypatch, capsys):
    with pytest.raises(ZeroDivisionError):
        _mendable(ZeroDivisionError("ours"))
    assert _mendable(HeldoutError("two\nlines")) == 2
    assert capsys.readouterr().err == "heldout: two lines\n"
    assert _mendable(ModuleNotFoundError("No module named 'jax'", name="jax")) == 2
    assert "pip install 'heldout[lab]'" in capsys.readouterr().err
    assert _mendable(PermissionError(13, "Permission denied", "/some/file")) == 2
    assert capsys.readouterr().err == "heldout: /some/file: Permission denied\n"
    monkeypatch.setenv("HELDOUT_TRACEBACK", "1")
    with pytest.raises(HeldoutError):
        _mendable(HeldoutError("x"))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_an_encoding_lacks_is_shown_as_a_question_mark(encoding, tmp_path):
    study = tmp_path / "odd.py"
    study.write_text(
        "from heldout.core import Paper, Study\nstudy = Study(Paper('odd', '▲ and é'), (), (), {})\n", encoding="utf-8"
    )
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "80"}
    program = "import sys; from heldout.cli.group import main; main(sys.argv[1:])"
    for arguments in (["show", str(study)], ["show", str(study), "--json"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, check=False, env=environment
        )
        assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode(encoding))["paper"]["title"] == "▲ and é"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_or_closed_output_is_one_line():
    def run(where):
        command = f"{sys.executable} -m heldout list {where}"
        return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)

    full = run("> /dev/full")
    assert full.returncode == 2
    assert full.stderr == "heldout: what was to be printed cannot be written: No space left on device\n"
    assert (run(">&-").returncode, run(">&-").stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="pipes break otherwise here")
def test_a_reader_that_leaves_ends_it_in_silence():
    with subprocess.Popen(
        [sys.executable, "-m", "heldout", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
