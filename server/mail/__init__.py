"""Mails about sessions: the outbox, the letters in two languages, the calendar file, and the way out."""
