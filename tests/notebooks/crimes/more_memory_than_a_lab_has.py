# task: more-double
answer = seed + seed
