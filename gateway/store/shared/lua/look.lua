-- Say what a stream has: {the first entry's id or '', now, the last id that was made, entries that were removed}.
-- KEYS: stream.
local now = now_ms()
local reply = redis.pcall('XINFO', 'STREAM', KEYS[1])
if reply.err then
    return {'', now, '0-0', 0}
end
local info = {}
for at = 1, #reply, 2 do
    info[reply[at]] = reply[at + 1]
end
local first = info['first-entry'] and info['first-entry'][1] or ''
return {first, now, info['last-generated-id'], info['entries-added'] - info['length']}
