"""Studies of algorithms learnt from examples: formal languages, arithmetic, composition."""
