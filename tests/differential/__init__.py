"""The same steps on memory and on another store: every answer and every error has to be the same."""
