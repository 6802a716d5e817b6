"""The way in: resumable uploads, what a file really is, and decoding it in a limited child process."""
