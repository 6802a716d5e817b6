"""The suite. Every part a test needs is real, starts on 127.0.0.1, and fails the test when it is not installed."""
