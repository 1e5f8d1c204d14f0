"""Tasks under hardship: processes that die while they work; and how fast it goes where nothing is wrong."""
