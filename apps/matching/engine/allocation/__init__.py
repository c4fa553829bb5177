"""Allocation: which quantity of which offer goes to which need, stage by stage."""
