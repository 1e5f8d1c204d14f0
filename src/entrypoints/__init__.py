"""How the world gets in: settings, the composition root, HTTP and the command line."""
