"""The HTTP contract: one ASGI class at the edge, an index of routes, and schemas and routes side by side by feature."""
