"""Writes until nothing fits any more. expect: cell_failed too_big out_of_memory kernel_died out_of_time"""
with open("/out/lakehouse-fill", "wb") as file:
    while True:
        file.write(bytes(10_000_000))
