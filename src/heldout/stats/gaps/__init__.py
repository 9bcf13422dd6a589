"""What is lost away from home: gaps, slopes, halving levels, forgetting, worst groups, flips, churn and miscalibration.

Functions on arrays. Scores are higher-is-better and come as units x levels (or x factors, groups, stages ...), where a unit
is a seed, a system or an item: whatever was measured independently.
"""
