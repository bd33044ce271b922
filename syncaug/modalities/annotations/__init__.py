"""What annotations of every space share: lists beside rows, names of sides, integer results."""
