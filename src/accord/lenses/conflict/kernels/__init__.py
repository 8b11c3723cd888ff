"""Compiled kernels of the graph model: arrays in, arrays out; one file per concern."""
