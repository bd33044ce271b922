"""Measurements of syncaug against other libraries; `python -m benchmarks` runs them."""
