-- Make a record, or answer what is there: {found, now, attempt, order id, answer}.
-- KEYS: record [, bus, epoch]. Both are left out in a cluster, where they are in another slot.
-- ARGV: arguments, attempt, lease, remembered, not after, event ('' for none), the epoch's name that the caller knows.
local now = now_ms()
if now > tonumber(ARGV[5]) then
    return {'late', now, '', 0, ''}
end
if KEYS[3] then
    local name, refused = string.match(redis.call('GET', KEYS[3]) or '', '^([^:]+):(%d+)$')
    if name ~= ARGV[7] or tonumber(refused) > now then
        return {'lost_records', now, '', 0, ''}
    end
end
local lease = now + tonumber(ARGV[3])
local record = load(KEYS[1])
if not record then
    record = {state = 'b', attempt = ARGV[2], begun = now, arguments = ARGV[1], order = 0, answer = ''}
elseif record.version ~= 1 then
    return {'newer', now, '', 0, ''}
elseif record.arguments ~= ARGV[1] then
    return {'conflict', now, record.attempt, 0, ''}
elseif record.state ~= 'b' then
    return {record.state == 'd' and 'done' or 'recovered', now, record.attempt, record.order, record.answer}
elseif record.attempt ~= ARGV[2] then
    return {record.lease > now and 'busy' or 'lost', now, record.attempt, record.order, record.answer}
end
record.lease = lease
save(KEYS[1], record, now, tonumber(ARGV[4]))
if KEYS[2] and ARGV[6] ~= '' then
    publish(KEYS[2], ARGV[6])
end
return {'mine', now, record.attempt, 0, ''}
