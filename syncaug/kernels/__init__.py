"""Kernels: what is done to arrays and numbers. They know no streams, policies or samples."""
