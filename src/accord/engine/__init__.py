"""Where work runs: randomness, compiled kernels, chunks, the store and progress."""
