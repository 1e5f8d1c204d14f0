"""What the use cases need of the world: a Protocol each, kept by adapters that subclass it by name."""
