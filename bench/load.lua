-- Load for wrk: posts one operation for the players in turn, and stops in time for every answer to come in.
-- BENCH_TOKENS, BENCH_BODY: files; BENCH_SECONDS: how long to send; "__COUNT__" in the body becomes a running number;
-- BENCH_ACCEPT_ENCODING: the header of that name, if it is set.
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long seconds; long nanoseconds; } bench_time; int clock_gettime(int, bench_time *); ]]
local moment = ffi.new("bench_time")
local REST_MS = 3600000

local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

local function read(name)
  local file = assert(io.open(os.getenv(name)))
  local text = file:read("*a")
  file:close()
  return text
end

local body, seconds, tokens = read("BENCH_BODY"), tonumber(os.getenv("BENCH_SECONDS")), {}
for token in read("BENCH_TOKENS"):gmatch("%S+") do tokens[#tokens + 1] = token end
local is_counted = body:find("__COUNT__", 1, true) ~= nil
local prepared, threads = {}, {}
-- wrk asks for one request before it begins, and sends it nowhere.
sent, ends_at = -1, 0

-- As a game does it, with its fields in one order: wrk.format has another one in each run.
local function formatted(place, text)
  local encoding = os.getenv("BENCH_ACCEPT_ENCODING")
  return "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"]
    .. "\r\nAccept: application/json" .. (encoding and "\r\nAccept-Encoding: " .. encoding or "")
    .. "\r\nAuthorization: Bearer " .. tokens[place]
    .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #text .. "\r\n\r\n" .. text
end

function setup(thread) threads[#threads + 1] = thread end

function init(args)
  for place = 1, #tokens do prepared[place] = formatted(place, body) end
  -- Numbers of earlier runs do not come again.
  offset = math.floor(now() * 1000) % 1000000000
  ends_at = now() + seconds
end

function request()
  sent = sent + 1
  local place = sent % #tokens + 1
  if is_counted then return formatted(place, (body:gsub("__COUNT__", tostring(offset * 1000 + sent)))) end
  return prepared[place]
end

-- Called before each request of a connection, the first one included.
function delay()
  return now() < ends_at and 0 or REST_MS
end

function done(summary, latency, requests)
  local thread = threads[1]
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"sent":%d,"answered":%d,"bytes":%d,"failed":%d,"broken":%d,"p50_us":%.1f,"p99_us":%.1f,"max_us":%.1f}\n',
    thread:get("sent"), summary.requests, summary.bytes,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
