-- A call with 1 MB of ClientContext: records, with a quote to escape in every name and text.
local rows, length = {}, 0
local row = '{"id":12345,"name":"some name","ok":true,"v":1.5},'
while length < 1000000 do
    rows[#rows + 1] = row
    length = length + #row
end
local context = '{"items":[' .. table.concat(rows) .. '1]}'

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"FunctionName":"hello","ClientContext":"' .. context:gsub('"', '\\"') .. '"}'
