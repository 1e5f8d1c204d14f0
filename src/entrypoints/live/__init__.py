"""Sockets: what is connected to this worker, and how what happens reaches it."""
