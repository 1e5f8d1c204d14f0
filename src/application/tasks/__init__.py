"""Background work: how it is queued, run, read and cancelled."""
