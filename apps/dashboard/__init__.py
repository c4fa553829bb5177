"""Pages that read every floor and own no table: home, a city, a pairing, the queue."""
