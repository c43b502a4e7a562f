# gunicorn of script/bench. Of 2 and 4 workers with 1, 8 and 32 threads this was the fastest on two cores.
worker_class = "gthread"
workers = 2
threads = 8
keepalive = 60
preload_app = True      # what all workers load alike is in memory once
backlog = 1024
