"""Building blocks for asyncio: shared work, deadlines, eager gathering, timers and closable streams."""
