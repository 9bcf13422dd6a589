"""Tables of the user's own: a target, features, and a column along which the data shift."""
