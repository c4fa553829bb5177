"""People who sign in: their role, language and time zone."""
