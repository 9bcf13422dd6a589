"""What other people's training loops call: each hands its metrics to a `Recorder`. One file per package, imported by name.

Every one takes `metrics`, which says which of the loop's numbers is the score on which split: a name of the loop's to the name
of a split, or to `Split("length-80", "length", 80)`. Higher must be better: record an accuracy, not a loss.
"""
