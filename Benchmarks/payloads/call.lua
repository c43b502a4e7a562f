-- A call for wrk: `wrk -s call.lua URL -- FILE` posts the file, and prints what was measured as one line of JSON.

function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.body = file:read("*a")
   file:close()
end

-- Times in µs.
function done(summary, latency)
   local errors = summary.errors
   local format = 'RESULT {"answered": %d, "microseconds": %d, "failed": %d, "p50": %d, "p90": %d, "p99": %d, "p999": %d}\n'
   io.write(format:format(
      summary.requests, summary.duration,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout,
      latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9)))
end
