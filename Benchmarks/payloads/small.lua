-- A small call, of about 100 bytes with its header.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"FunctionName":"hello","ClientContext":"{\\"key\\":\\"value\\"}"}'
