"""Readings across the slices for lists: which validations and sessions a person has, and what waits for them."""
