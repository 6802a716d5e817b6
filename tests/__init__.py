"""The suite. Every part a test needs is real, is started on 127.0.0.1, and is missed loudly when it is not installed."""
