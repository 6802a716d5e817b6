"""Connections to browsers: ICE-lite on one UDP port, DTLS, SRTP, and the packets that come and go over them."""
