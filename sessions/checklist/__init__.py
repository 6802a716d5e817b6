"""Answers to the criteria, requests to the member, and links from evidence to criteria."""
