"""Names and bytes of records in tests of the store."""

from gateway.records.sealing import digest
from gateway.store.ports import RecordKey

KEY = RecordKey("player", "p-1", "key-1")
ARGUMENTS, OTHER = digest("arguments", "a"), digest("arguments", "b")
ME, YOU = b"attempt1", b"attempt2"
DAY = 86_400.0
