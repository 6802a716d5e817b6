"""Criteria editions: effective dates, entity types and an office's own official texts."""
