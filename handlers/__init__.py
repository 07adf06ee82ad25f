"""Handlers: one file per job type, and the worker that runs them."""
