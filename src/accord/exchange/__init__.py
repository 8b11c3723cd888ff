"""Foreign formats and the situation, one reader and writer each, one protocol: sniff, read, write, loss report."""
