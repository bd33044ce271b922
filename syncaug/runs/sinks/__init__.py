"""Where results of a run go: a module for each kind of place, each with its encoder."""
