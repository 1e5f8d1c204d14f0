"""A server that Portico needs, away for a while: what clients see of it, and how soon all is as before."""
