"""The program of a decoding child. It imports nothing of ours but this folder, and no secret ever reaches it."""
