"""FEEL, evaluated by the interpreter the browser uses."""
