"""What lives on a plane: rasters, and annotations of a picture."""
