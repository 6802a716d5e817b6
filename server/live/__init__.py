"""Socket.IO: dispatch of commands, broadcast of entries, hints."""
