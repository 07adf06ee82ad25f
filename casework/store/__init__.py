"""Tables and statements of the dispute domain."""
