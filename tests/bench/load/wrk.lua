-- POSTs the requests of a file in turns: one a line, body, header name, value, name, value, ..., with
-- tabs between.
local requests, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local parts = {}
    for part in line:gmatch('[^\t]+') do parts[#parts + 1] = part end
    local headers = {}
    for index = 2, #parts, 2 do headers[parts[index]] = parts[index + 1] end
    requests[#requests + 1] = wrk.format('POST', nil, headers, parts[1])
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"us":%d,"p50Us":%d,"p99Us":%d,"status":%d,"sockets":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
