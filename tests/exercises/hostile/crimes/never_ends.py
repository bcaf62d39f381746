"""An endless loop that takes no interrupt. expect: out_of_time"""
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
