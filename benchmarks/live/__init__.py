"""Rooms under load: deliveries a second, idle sockets, and a reader that stops."""
