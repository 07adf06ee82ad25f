"""Pure values of the workflow core; imports the standard library and itself only."""
