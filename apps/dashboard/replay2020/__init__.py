"""The goods of the report's table, as they were given and as the engine would have split them."""
