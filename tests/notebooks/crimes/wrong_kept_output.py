# task: wrong-double
answer = seed + seed
