"""A static site of what was decided: one page per study, task and learner, and one for every paper that heldout knows of."""
