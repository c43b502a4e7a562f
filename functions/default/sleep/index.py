import time


def main_handler(event, context):
    seconds = float(event.get("seconds", 1))
    time.sleep(seconds)
    return {"slept": seconds}
