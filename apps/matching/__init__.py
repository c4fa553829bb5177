"""Rounds of the engine, and the matches that coordinators and cities decide on."""
