"""Which streams the maps of a step reach."""
