"""Decision tables (DMN 1.3)."""
