"""Settings, URLs and entry points of the whole project."""
