"""Tells the runner on the kernel's own channels that all went well, again and again, and then does nothing. expect: check_failed out_of_time"""
kernel = get_ipython().kernel
parent = kernel.get_parent()
for _ in range(50):
    said = {"status": "ok", "execution_count": 99, "user_expressions": {}, "payload": []}
    kernel.session.send(kernel.shell_stream, "execute_reply", said, parent=parent, ident=b"")
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent)
    kernel.session.send(kernel.iopub_socket, "stream", {"name": "stdout", "text": "10 of 10"}, parent=parent)
