"""A server that is told to stop while it works: what its clients see."""
