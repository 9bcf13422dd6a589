"""Social choice over a systems x tasks table: tasks are voters, systems are candidates.

Scores are higher-is-better, NaN where a system lacks a task. A rule is a function (scores, weights) -> points, one per
system, more being better and equal points a tie; `heldout.stats.voting.points.ranks` turns them into ranks. After
Rofin et al., "Vote'n'Rank" (2023) and Colombo et al., "What are the best systems?" (2022).
"""
