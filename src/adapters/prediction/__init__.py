"""Models: those that come with Portico, and a server of one's own."""
