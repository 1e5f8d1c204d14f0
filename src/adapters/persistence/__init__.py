"""One mapping and one unit of work for every store. A store adds a `StoreSession`, and nothing else."""
