"""The yardstick: endpoints written by hand, each for one store, as a good engineer would who has no other aim."""
