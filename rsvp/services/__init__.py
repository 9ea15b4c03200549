"""Verbs: each function is an act that somebody in the room would name. Takes plain values and the time."""
