"""Logins, links, passwords and rate limits."""
