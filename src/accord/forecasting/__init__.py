"""The jobs behind ``accord forecast``: ask, keep, resolve, score, and look back, with their pages."""
