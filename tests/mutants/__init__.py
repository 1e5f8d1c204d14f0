"""The code, broken on purpose: what a suite does not notice it does not test. `python -m tests.mutants`."""
