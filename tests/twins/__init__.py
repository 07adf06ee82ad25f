"""Runnable counterparts of the partners: a mail server, an SMS gateway and a court's gateway, on loopback.

`python -m tests.twins` starts all three and prints the settings that let the system talk to them.
"""
