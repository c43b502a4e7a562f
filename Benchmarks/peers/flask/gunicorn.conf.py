# gunicorn of script/bench. On two cores, with small calls, no other number of workers and threads was faster: 2 × 4,
# 2 × 32, 4 × 8, or 4 without threads.
worker_class = "gthread"
workers = 2
threads = 8
keepalive = 60
preload_app = True      # what all workers load alike is in memory once
backlog = 1024
