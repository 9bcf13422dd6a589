"""Records from anybody's own training loop, and claims about them."""

from heldout.recording.judging import judge as judge
from heldout.recording.recorder import Recorder as Recorder
from heldout.recording.recorder import record as record
