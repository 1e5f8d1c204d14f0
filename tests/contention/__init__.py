"""Many buyers, few items and a hot one, on a real server: `python -m tests.contention --store sqlite`."""
