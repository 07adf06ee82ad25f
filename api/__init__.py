"""HTTP in, commands and queries out."""
