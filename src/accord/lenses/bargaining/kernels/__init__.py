"""Compiled kernels of the bargaining models: arrays in, arrays out; one file per concern."""
