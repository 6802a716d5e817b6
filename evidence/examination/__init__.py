"""Whether an original is what it should be: malware, metadata, time, place, picture, and other items like it."""
