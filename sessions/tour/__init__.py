"""The live walk: consent, lobby, sources, stops, marks, stills and 'show, do not store'."""
