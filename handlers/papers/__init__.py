"""Official papers: Typst templates, what goes into them, and how they become PDF."""
