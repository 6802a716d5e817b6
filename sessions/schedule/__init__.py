"""Validations, their sessions in the site's time zone, and invitations."""
