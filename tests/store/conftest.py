import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def writing() -> ModuleType:
    """The module that makes batches; its file is also the program that other processes run."""
    spec = importlib.util.spec_from_file_location("heldout_test_writing", Path(__file__).parent / "writing.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def batch(writing):
    return writing.batch


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with a name that would break SQL made by pasting."""
    return tmp_path / 'it\'s a "store"; --'
