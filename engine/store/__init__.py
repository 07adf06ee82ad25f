"""Tables and statements of the workflow core."""
