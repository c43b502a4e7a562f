def main_handler(event, context):
    lines = int(event.get("lines", 10))
    for number in range(1, lines + 1):
        print(f"line {number} of {lines}")
    return {"lines": lines}
