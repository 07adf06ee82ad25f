"""Statutory time limits."""
