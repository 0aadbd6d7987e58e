-- Say which data this is: {name, now, refuse writes until}. A name that is not there is made.
-- Who knew another name found that data was lost: writes are refused for a while, for all who ask.
-- KEYS: epoch. ARGV: the name that the caller knows ('' for none), a name to make, how long to refuse writes.
local now = now_ms()
local name, refused = string.match(redis.call('GET', KEYS[1]) or '', '^([^:]+):(%d+)$')
local is_new = not name
if is_new then
    name, refused = ARGV[2], '0'
end
local is_lost = ARGV[1] ~= '' and name ~= ARGV[1] and refused == '0'
if is_lost then
    refused = string.format('%.0f', now + tonumber(ARGV[3]))
end
if is_new or is_lost then
    redis.call('SET', KEYS[1], name .. ':' .. refused)
end
return {name, now, tonumber(refused)}
