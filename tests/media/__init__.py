"""The media process with real peers on 127.0.0.1."""
