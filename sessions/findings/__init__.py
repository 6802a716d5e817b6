"""Open gaps, their due dates, and how they close."""
