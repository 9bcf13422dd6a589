"""A clinician's table: five hospitals, one of which measures in other units. Writes clinic.csv.

    python examples/clinic.py
    heldout score sklearn.ensemble:RandomForestClassifier clinic.csv --target died --shift hospital
    heldout score clinic.csv --target died --prediction risk --group hospital

Who died depends on age, blood pressure and a laboratory value, everywhere alike. Hospital E reports the laboratory value in
other units (three times as large, and four more): a model that has never seen E misreads it.
"""

from pathlib import Path

import numpy as np


def clinic(patients: int = 2000, seed: int = 0) -> str:
    """The table as CSV text."""
    g = np.random.default_rng(seed)
    hospital = g.integers(0, 5, patients)
    age, lab = g.normal(55, 15, patients), g.normal(0, 1, patients)
    pressure = g.normal(125, 15, patients) + 0.3 * (age - 55)
    risk = 1 / (1 + np.exp(-(0.05 * (age - 60) + 2.5 * lab + 0.02 * (pressure - 125))))
    died = g.random(patients) < risk
    shown = np.where(hospital == 4, 3 * lab + 4, lab)
    missing = g.random(patients) < 0.02
    lines = ["age,pressure,lab,sex,hospital,risk,died"]
    for i in range(patients):
        value = "" if missing[i] else f"{shown[i]:.3f}"
        guess = int(shown[i] > 0)  # what a rule of thumb would say: sick if the value is above zero
        lines.append(
            f"{age[i]:.1f},{pressure[i]:.0f},{value},{'fm'[g.integers(2)]},{'ABCDE'[hospital[i]]},{guess},{int(died[i])}"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path("clinic.csv").write_text(clinic(), encoding="utf-8")
    print("wrote clinic.csv")
