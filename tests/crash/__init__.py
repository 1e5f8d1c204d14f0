"""SIGKILL of the server under load, again and again: `python -m tests.crash --kills 100 --store sqlite`."""
