"""What can be done to a dispute: one file per verb."""
