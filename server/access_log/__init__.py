"""Who looked at a case, took copies of it or exported it: a log of its own, for government eyes only."""
