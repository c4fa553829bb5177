"""What three apps or more need; knows no noun of the domain."""
