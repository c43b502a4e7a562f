def main_handler(event, context):
    return "hello from scf"
