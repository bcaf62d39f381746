# task: check-double
answer = seed + seed
