"""Pairing: which city is whose counterpart, one to one, and the proof that none is better."""
