"""The kinds of paper, a file for each stage of a case."""
