"""The media process under load, beside Janus and a plain aiortc relay: what a forwarded packet costs."""
