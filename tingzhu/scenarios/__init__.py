"""Scenarios: cases written down in YAML and played on the real engine, database and handlers with the clock moved by hand."""
