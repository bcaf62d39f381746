"""Outputs made for whoever looks at them: scripts, frames, forms and pictures that are none. expect: check_failed"""
from IPython.display import HTML, SVG, Javascript, display

display(HTML("<script>fetch('/hub/api/user')</script><img src=x onerror=alert(1)><form action=//x><input name=a></form>" * 50))
display(Javascript("document.title = 'gained'"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"))
display({"image/png": "PHNjcmlwdD4=", "text/html": "<iframe srcdoc='<script>top.x=1</script>'></iframe>"}, raw=True)
