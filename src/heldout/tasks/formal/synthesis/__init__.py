"""Programs to be found from examples of what they do, with splits that combine their parts otherwise than the train set."""
