"""form-js forms, compiled to schemas."""
