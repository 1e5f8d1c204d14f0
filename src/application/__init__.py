"""What Portico does, one use case at a time, and the ports through which it does it."""
