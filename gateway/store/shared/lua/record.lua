-- Records as they are packed: version, state, attempt, begun at, lease until, arguments, order id, answer.
-- Numbers are big-endian, times in milliseconds. Fields are only ever appended, behind the answer.
-- gateway/store/transitions.py says the same rules in Python; a test holds both against each other.
local FORMAT = '>BBc8I8I8c32I8I4'

local function now_ms()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- The record under a key; nil where there is none, and one with nothing but its version where a newer release made it.
local function load(key)
    local packed = redis.call('GET', key)
    if not packed then
        return nil
    end
    local record = {version = string.byte(packed, 1)}
    if record.version ~= 1 then
        return record
    end
    local version, state, length, at
    version, state, record.attempt, record.begun, record.lease, record.arguments, record.order, length, at =
        struct.unpack(FORMAT, packed)
    record.state = string.char(state)
    record.answer = string.sub(packed, at, at + length - 1)
    record.rest = string.sub(packed, at + length)
    return record
end

local function save(key, record, now, remembered)
    local expires = record.begun + remembered
    if record.state == 'b' and record.lease + 10000 > expires then
        expires = record.lease + 10000
    end
    if expires <= now then
        redis.call('DEL', key)
        return
    end
    local packed = struct.pack(FORMAT, 1, string.byte(record.state), record.attempt, record.begun, record.lease,
        record.arguments, record.order, #record.answer) .. record.answer .. (record.rest or '')
    redis.call('SET', key, packed, 'PXAT', string.format('%.0f', expires))
end

local function publish(bus, event)
    redis.call('XADD', bus, 'MAXLEN', '~', 100000, '*', 'e', event)
end
