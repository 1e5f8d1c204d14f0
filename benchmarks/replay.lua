-- wrk's part: sends requests that were written out whole, one after another by chance, and reports on one line.
local plan = {}

function init()
    local file = assert(io.open(os.getenv("PLAN"), "rb"))
    for request in file:read("*a"):gmatch("[^%z]+") do
        plan[#plan + 1] = request
    end
    math.randomseed(tonumber(os.getenv("SEED")))
end

function request()
    return plan[math.random(#plan)]
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format(
        '\nREPORT {"requests":%d,"seconds":%.6f,"bytes":%d,"p50_ms":%.3f,"p99_ms":%.3f,"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3, e.status, e.connect + e.read + e.write + e.timeout))
end
