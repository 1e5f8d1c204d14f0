"""How long search takes over many things, on one store."""
