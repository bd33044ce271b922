"""Spaces of several modalities: the protocol of encoders, fitted spaces, banks, opening them."""
