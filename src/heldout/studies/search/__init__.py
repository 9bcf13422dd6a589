"""Search: for hyperparameters, architectures and programs."""
