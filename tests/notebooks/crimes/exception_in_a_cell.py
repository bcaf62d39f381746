# task: exception-double
answer = seed + seed
