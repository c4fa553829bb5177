"""Consignments of a match: sent, held, received, lost, and where they went."""
