"""The HTTP wire: one file per resource, and the only place that knows status codes."""
