"""The business: entities, their refusals and the questions asked of their stores. Knows the standard library alone."""
