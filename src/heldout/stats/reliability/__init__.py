"""How reliable is what is sampled again and again: metrics of n samples with c right, their intervals, and what varies."""

from heldout.stats.reliability.allocation import Next as Next
from heldout.stats.reliability.allocation import allocate as allocate
from heldout.stats.reliability.allocation import gains as gains
from heldout.stats.reliability.components import Components as Components
from heldout.stats.reliability.components import components as components
from heldout.stats.reliability.components import one_way as one_way
from heldout.stats.reliability.metric import Metric as Metric
from heldout.stats.reliability.metric import g_pass_at_k as g_pass_at_k
from heldout.stats.reliability.metric import mg_pass_at_k as mg_pass_at_k
from heldout.stats.reliability.metric import pass_all_k as pass_all_k
from heldout.stats.reliability.metric import pass_at_k as pass_at_k
