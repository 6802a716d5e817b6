"""Letters about sessions: the outbox, their wording in two languages, the calendar file, and the way out."""
