"""Measure what the service promises to do quickly, as ratios to the least that the work could cost."""
