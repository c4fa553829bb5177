"""The one-to-one bond of two cities, and what they exchange besides goods."""
