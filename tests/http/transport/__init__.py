"""The transport over real sockets, on asyncio's own loop and on uvloop."""
