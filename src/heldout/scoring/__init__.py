"""How a model of the user's own generalizes: the study behind `heldout score`, and where its score breaks."""

from heldout.scoring.axes import Axis as Axis
from heldout.scoring.axes import Breaking as Breaking
from heldout.scoring.axes import breaking as breaking
from heldout.scoring.pace import paced as paced
from heldout.scoring.scored import Scored as Scored
from heldout.scoring.scored import answered as answered
from heldout.scoring.scored import score_model as score_model
from heldout.scoring.study import Asked as Asked
from heldout.scoring.study import alone as alone
from heldout.scoring.study import is_data as is_data
from heldout.scoring.study import is_table as is_table
from heldout.scoring.study import learner_called as learner_called
from heldout.scoring.study import posed as posed
from heldout.scoring.study import predicted as predicted
from heldout.scoring.study import scored as scored
from heldout.scoring.study import task_called as task_called
from heldout.scoring.study import warnings as warnings
