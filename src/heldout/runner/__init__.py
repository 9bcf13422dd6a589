"""Running cells: what is missing, seeds together, in this process or in one worker per core."""
