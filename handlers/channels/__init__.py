"""Ways out of the system: mail, SMS gateway, court gateway; each knows the wire and nothing of cases."""
