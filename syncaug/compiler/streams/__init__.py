"""The streams that a policy declares: their names, spaces and columns."""
