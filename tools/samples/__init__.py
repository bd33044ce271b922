"""Makers of the bundled samples in `examples/data`."""
