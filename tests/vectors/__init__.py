"""Vectors that Python and TypeScript both agree with."""
