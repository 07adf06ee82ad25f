"""What a process shares between requests and jobs, and the loops that run by the clock."""
