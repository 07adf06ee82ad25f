"""What can be asked about disputes."""
