"""Measurements, as JSON lines: what was measured, under which conditions, and the numbers."""
