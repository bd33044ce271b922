"""Clips: films that need not be in memory, and what they become while they are carried."""
