"""What Portico costs beside endpoints written by hand: docs/performance.md says how to run it and what came out."""
