"""A lens."""
