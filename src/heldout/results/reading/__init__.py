"""Tables of results of any shape, read and said."""

from heldout.results.reading.options import Reading as Reading
from heldout.results.reading.reading import read as read
from heldout.results.reading.reading import read_frame as read_frame
