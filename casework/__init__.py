"""The dispute domain: parties, organisations, deadlines, documents."""
