# task: process-double
answer = seed + seed
