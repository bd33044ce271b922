"""Packages that tests install."""

from tests.external.conftest import install

__all__ = ["install"]
