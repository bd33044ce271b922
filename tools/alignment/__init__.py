"""Alignment measured on real files: each goes through a shipped policy, and what came out is asked.

Containers are read here by PyAV alone, and what should be where follows from the record's drawn
numbers by formulas of their own, so that a fault of the library cannot hide itself.
"""
