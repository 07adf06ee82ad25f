"""What the figures of the bureau mean, once for every organisation: the definition that gives a number also lists its cases."""
