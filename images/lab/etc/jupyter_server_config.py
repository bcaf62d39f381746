# The lab's server, owned by root: a student configures notebooks and kernels, never the server that guards the lab.
# One reason for each setting; no logic.

from lab_kernel.desk import settings as desk_settings

c = get_config()  # noqa: F821

# Students come to the course's landing page, not to an empty folder (overrides.json has Markdown shown, not edited).
c.ServerApp.default_url = "/lab/tree/course/README.md"
c.ServerApp.root_dir = "/home/student"

# The one kernel there is (jupyter_config.json keeps the plain one out, so that nobody picks it by mistake).
c.MultiKernelManager.default_kernel_name = "dataflow-spark"

# Spark's start-up competes for the same two cores; a slow kernel is not a dead one.
c.MappingKernelManager.kernel_info_timeout = 120

# Extensions come with the image, tested; the server's environment is not writable anyway.
c.LabApp.extension_manager = "readonly"

# A home that is far over its quota starts no kernel. A kernel that does nothing ends, unless its notebook is open somewhere.
c.ServerApp.kernel_manager_class = "lab_kernel.desk.kernels.LabKernelManager"
c.MappingKernelManager.cull_idle_timeout = desk_settings.read().kernel_idle_seconds

# What is deleted is gone: in a folder that nobody sees it would go on counting against the home's quota.
c.FileContentsManager.delete_to_trash = False

# The student's own UIs, for the student only: MLflow is started when its page is opened; for the exercises' page, a tile of the
# launcher, nothing is started.
from exercises.student import launcher  # noqa: E402
from lab_kernel.mlflow_server import server_proxy_entry  # noqa: E402

c.ServerProxy.servers = {"mlflow": server_proxy_entry(), launcher.NAME: launcher.server_proxy_entry()}
# submit() has the page save the open notebook first; a kernel cannot.
c.LabApp.expose_app_in_browser = True
