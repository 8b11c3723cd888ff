"""Conflict models in foreign formats: ``.gmcr`` JSON, Gambit's ``.nfg``, CSV of states and payoffs."""
