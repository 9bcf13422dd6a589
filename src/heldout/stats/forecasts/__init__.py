"""What the next scale brings: laws fitted to scores against compute, data or size, back-tested, with honest intervals.

Every law is a frozen value with `fitted(points, resamples, rng)`; `choose` back-tests several of them beside naive ones.
"""
