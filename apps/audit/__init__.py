"""Who changed which state, when, from what, to what and why: written by the one door, never edited."""
