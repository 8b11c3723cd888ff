"""Compiled kernels of the endurance model: arrays in, arrays out; one file per concern."""
