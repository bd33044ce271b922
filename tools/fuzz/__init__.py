"""Fuzzing: odd policies, records, manifests and media files, each the same for the same seed."""
