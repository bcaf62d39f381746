# task: none-double
answer = seed + seed
