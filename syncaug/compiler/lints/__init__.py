"""Policies that compile and are probably not what was meant."""
