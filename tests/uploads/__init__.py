"""Uploads to a real server: what they cost it in memory, and what a SIGKILL leaves of them."""
