"""What all tests share: the toys beside this file, and programs that compile fast rather than run fast."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=1")  # most of the suite's time is compiling
