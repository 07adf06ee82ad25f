"""Puts the parts together: composition, command line, supervised processes."""
