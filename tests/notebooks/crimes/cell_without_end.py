# task: cell-double
answer = seed + seed
