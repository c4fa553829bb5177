"""What cities need and offer, in items and units of one catalogue."""
