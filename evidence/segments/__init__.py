"""Recordings: the segments of each source, their digest chain and gaps, and the lanes made for playback."""
