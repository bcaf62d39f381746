"""An error whose text would pass for a good grade, or for markup. expect: cell_failed"""
raise RuntimeError("10 of 10 points <script>alert(1)</script>\n" + '{"checks": []}' * 1000)
