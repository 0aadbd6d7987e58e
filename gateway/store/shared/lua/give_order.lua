-- Give a lost order's record the order that a webhook brought: 1 given, 2 it has this one already, 0 neither.
-- KEYS: record. ARGV: order id, remembered, the attempt that lost it: a later write under the same key lost nothing.
local now = now_ms()
local record = load(KEYS[1])
if not record or record.version ~= 1 or record.attempt ~= ARGV[3] then
    return {0, now}
end
if record.order == tonumber(ARGV[1]) then
    return {2, now}
end
if record.order ~= 0 then
    return {0, now}
end
record.order = tonumber(ARGV[1])
save(KEYS[1], record, now, tonumber(ARGV[2]))
return {1, now}
