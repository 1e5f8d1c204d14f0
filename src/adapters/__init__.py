"""The ports, kept: one technology a folder."""
