-- Remove a key where it still holds the caller's own value: {1 or 0, now}.
-- KEYS: key. ARGV: value.
local now = now_ms()
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return {redis.call('DEL', KEYS[1]), now}
end
return {0, now}
