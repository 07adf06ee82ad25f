"""Expressions and scripts of process definitions, run with limits."""
