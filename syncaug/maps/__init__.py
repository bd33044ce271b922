"""Maps: what a step does to a space, as values that compose. Numpy only."""
