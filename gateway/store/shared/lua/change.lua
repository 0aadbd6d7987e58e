-- Change a record where the attempt that is named holds it: {1 or 0, now}.
-- KEYS: record [, bus or the list of lost orders].
-- ARGV: step, attempt, lease, remembered, value [, event or the lost order].
local now, step = now_ms(), ARGV[1]
local lease, remembered = tonumber(ARGV[3]), tonumber(ARGV[4])

local function change()
    local record = load(KEYS[1])
    if not record or record.version ~= 1 or record.attempt ~= ARGV[2] or record.state == 'd' then
        return 0
    end
    local is_begun = record.state == 'b'
    local is_lost = is_begun and record.lease <= now
    if step == 'renew' and is_begun then
        record.lease = now + lease
    elseif step == 'release' and is_begun then
        record.lease = now
    elseif step == 'checkpoint' and is_begun then
        record.answer = ARGV[5]
    elseif step == 'finish' then
        record.state, record.answer = 'd', ARGV[5]
    elseif step == 'recover' and (is_lost or not is_begun) then
        record.state, record.answer = 'r', ARGV[5]
    elseif step == 'take_over' and is_lost and record.answer == '' then
        record.attempt, record.lease = ARGV[5], now + lease
    elseif step == 'drop' and is_begun then
        redis.call('DEL', KEYS[1])
        return 1
    elseif step == 'expect' then
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - remembered)
        redis.call('ZADD', KEYS[2], record.begun, ARGV[6])
        redis.call('PEXPIRE', KEYS[2], remembered)
        return 1
    else
        return 0
    end
    save(KEYS[1], record, now, remembered)
    return 1
end

local answer = change()
if step ~= 'expect' and KEYS[2] and ARGV[6] ~= '' then
    publish(KEYS[2], ARGV[6])
end
return {answer, now}
