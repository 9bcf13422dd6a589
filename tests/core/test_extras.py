"""What pip installs for which part."""

from heldout.core.extras import extras, missing, pip_command


def test_extras_are_read_from_the_package():
    found = extras()
    assert "click" in found[""]
    assert {"jax", "equinox", "optax"} <= set(found["lab"])
    assert "pytest" in found["dev"]


def test_the_command_names_the_extra_that_has_the_module():
    assert pip_command("jax.numpy") == "pip install 'heldout[lab]'"
    assert pip_command("sklearn") == "pip install 'heldout[lab]'"
    assert pip_command("PIL.Image") == "pip install 'heldout[lab]'"
    assert pip_command("hypothesis") == "pip install 'heldout[dev]'"
    assert pip_command("yaml") == "pip install pyyaml"
    assert pip_command("unheard_of") == "pip install unheard_of"


def test_a_failed_import_is_one_line():
    error = ModuleNotFoundError("No module named 'jax.numpy'", name="jax.numpy")
    said = missing("the study", error)
    assert said == "the study needs the package 'jax', which is not installed: pip install 'heldout[lab]'"
    assert "heldout.nothing" in missing("x", ModuleNotFoundError("", name="heldout.nothing"))
