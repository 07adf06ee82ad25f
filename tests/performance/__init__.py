"""Measures what the issue of the first release asks for; run by `make bench`, not by `make test`."""
