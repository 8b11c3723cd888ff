"""Compiled kernels of the alignment lens: arrays in, arrays out; one file per concern."""
