"""What all tests share: the toys beside this file, and no cache folder but a temporary one."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
