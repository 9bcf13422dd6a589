"""Families of instances, one folder per kind; `interfaces` says what a learner can be given."""
