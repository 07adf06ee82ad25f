"""Statutory time limits as data, the work-day calendar, and the arithmetic that turns a date into an explained due date."""
