"""Who is stronger when not everybody met everybody: ratings from battles, rankings and sparse measurements."""
