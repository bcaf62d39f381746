# task: warning-double
answer = seed + seed
