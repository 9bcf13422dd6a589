"""The table and the page that docs/comparing.md shows: six classifiers on four small data sets, five folds each.

    pip install "heldout[lab]"
    python benchmarks/comparing_page.py docs/comparing.md

Writes comparing.csv beside the page and puts what `heldout compare comparing.csv` prints between its markers.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from sklearn.base import ClassifierMixin
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

DATA = {"cancer": load_breast_cancer, "wine": load_wine, "iris": load_iris, "digits": load_digits}
ROWS = 600


def classifiers() -> dict[str, ClassifierMixin]:
    return {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000)),
        "forest": RandomForestClassifier(20, random_state=0),
        "svm": make_pipeline(StandardScaler(), SVC()),
        "bayes": GaussianNB(),
        "neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier()),
        "tree": DecisionTreeClassifier(random_state=0),
    }


def table(path: Path) -> None:
    lines = ["model,dataset,fold,accuracy"]
    for data, load in DATA.items():
        inputs, targets = (a[:ROWS] for a in load(return_X_y=True))
        for name, model in classifiers().items():
            folds = StratifiedKFold(5, shuffle=True, random_state=0)
            scores = cross_val_score(model, inputs, targets, cv=folds)
            lines += [f"{name},{data},{fold},{score:.4f}" for fold, score in enumerate(scores)]
    path.write_text("\n".join(lines) + "\n")


def main() -> None:
    page = Path(sys.argv[1])
    made = page.with_suffix(".csv")
    table(made)
    command = [sys.executable, "-m", "heldout", "compare", made.name]
    wide = {**os.environ, "COLUMNS": "80"}
    printed = subprocess.run(command, cwd=made.parent, env=wide, capture_output=True, text=True, check=True).stdout
    marked = re.compile(r"(<!-- page -->\n).*?(<!-- /page -->)", re.DOTALL)
    shown = f"```text\n$ heldout compare {made.name}\n{printed.rstrip()}\n```"
    page.write_text(marked.sub(lambda found: f"{found[1]}\n{shown}\n\n{found[2]}", page.read_text()))


if __name__ == "__main__":
    main()
