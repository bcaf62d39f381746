# task: failing-double
answer = seed + seed
