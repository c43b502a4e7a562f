def main_handler(event, context):
    raise RuntimeError("this function always fails")
