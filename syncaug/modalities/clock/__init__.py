"""What lives on a clock: films, sound and sampled rows."""
