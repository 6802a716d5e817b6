"""Before the day: whether a participant's network lets the media through."""
