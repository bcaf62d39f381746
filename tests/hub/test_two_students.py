"""Two students, over the class's one port: first log-in, spawn, a cell, a Delta table; and a wall between them."""

import json

import pytest
import requests

from tests.helpers import hub_client
from tests.helpers.hub_client import HubError, Lab
from tests.helpers.stack import StackError
from tests.hub.conftest import OWN_PASSWORD, docker

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def ana(enrol):
    return enrol("ana")


@pytest.fixture(scope="module")
def bia(enrol):
    return enrol("bia")


@pytest.fixture(scope="module")
def courses(stack, ana, bia):
    """Bia teaches two courses; Ana studies in one of them."""
    mark = ana.name[-6:]
    taught = f"spark-{mark}", f"other-{mark}"
    for course in taught:
        stack.script("member", course, bia.name, "instructor")
    stack.script("member", taught[0], ana.name, "student")
    return taught


@pytest.fixture(scope="module")
def labs(ana, bia, courses):
    started = {"ana": ana.start(), "bia": bia.start()}
    yield started
    ana.stop()
    bia.stop()


@pytest.fixture(scope="module")
def kernel(labs):
    started = labs["ana"].kernel()
    yield started
    started.close()


def container(stack, person):
    return f"{stack.project}-lab-{person.name}"


# Accounts


def test_a_one_time_password_works_once(stack, enrol):
    name = "carla" + enrol("x").name[1:]
    password = stack.user(name)
    person = hub_client.Person(stack.url, name)
    answer = person.submit("/hub/login", username=name, password=password)
    assert answer.headers["Location"].startswith("/hub/choose-password")
    assert person.browser.get(f"{stack.url}/hub/home").url.startswith(f"{stack.url}/hub/login")
    hub_client.log_in(stack.url, name, password, OWN_PASSWORD)
    with pytest.raises(HubError, match="Invalid username or password"):
        hub_client.log_in(stack.url, name, password)


def test_a_second_account_of_a_name_is_refused(stack, ana):
    with pytest.raises(StackError, match="exit 2\n.*already has an account"):
        stack.user(ana.name)


def test_an_impossible_name_is_refused(stack):
    with pytest.raises(StackError, match="exit 2\n.*cannot be a user's name"):
        stack.user("Robert'); DROP")


def test_nobody_signs_up(stack):
    assert requests.get(f"{stack.url}/hub/signup", timeout=10).status_code == 404


# Work


def test_a_cell_runs_on_the_course_s_kernel(kernel):
    assert kernel.run("6 * 7").ok().value == "42"


def test_spark_writes_and_reads_a_delta_table(kernel):
    code = (
        "spark.range(1000).write.format('delta').mode('overwrite').save(lakehouse.bronze('numbers'))\n"
        "spark.read.format('delta').load(lakehouse.bronze('numbers')).agg({'id': 'sum'}).first()[0]"
    )
    assert kernel.run(code).ok().value == "499500"


def test_progress_tells_what_happened_in_order(stack, enrol):
    person = enrol("dora")
    person.click_start()
    entries = list(person.progress())
    person.stop()
    said = [entry["message"] for entry in entries]
    wanted = [
        "Lab image found",
        "Your container is created",
        "Your container is started",
        "JupyterLab answers",
        "Your lab is ready",
    ]
    order = [next(number for number, text in enumerate(said) if text.startswith(words)) for words in wanted]
    assert order == sorted(order), said
    assert all(text.endswith(" s)") for text in said[1:]), said
    assert [entry["progress"] for entry in entries] == sorted(entry["progress"] for entry in entries)


# The wall


def test_a_token_opens_only_its_owners_lab(stack, labs, ana, bia):
    headers = {"Authorization": f"token {ana.token}"}
    own = requests.get(f"{stack.url}/user/{ana.name}/api/contents", headers=headers, timeout=30)
    other = requests.get(f"{stack.url}/user/{bia.name}/api/contents", headers=headers, timeout=30)
    assert (own.status_code, other.status_code) == (200, 403)


def test_a_browser_opens_only_its_owners_lab(stack, labs, ana, bia):
    answer = ana.browser.get(f"{stack.url}/user/{bia.name}/lab", timeout=30)
    assert answer.status_code in (403, 404) and "jupyter-config-data" not in answer.text
    assert ana.browser.get(f"{stack.url}/user/{ana.name}/lab", timeout=30).status_code == 200


def test_the_hubs_api_tells_a_student_nothing_about_others(ana, bia):
    assert ana.api("GET", "users").status_code == 403
    assert ana.api("GET", f"users/{bia.name}").status_code in (403, 404)
    assert ana.api("DELETE", f"users/{bia.name}/server").status_code in (403, 404)
    assert ana.api("GET", "proxy").status_code == 403


def test_from_inside_a_lab_there_is_no_way_to_the_other_lab_or_the_proxys_api(stack, settings, labs, kernel, bia):
    inspected = json.loads(docker("inspect", container(stack, bia)))[0]
    address = inspected["NetworkSettings"]["Networks"][f"{stack.project}-labs"]["IPAddress"]
    proxy = json.loads(docker("inspect", f"{stack.project}-proxy"))[0]["NetworkSettings"]["Networks"]
    proxy_addresses = [network["IPAddress"] for network in proxy.values()]
    code = f"""
import os, socket, urllib.request, urllib.error
def status(url):
    request = urllib.request.Request(url, headers={{"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}})
    try:
        return urllib.request.urlopen(request, timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code
def reachable(host, port):
    try:
        socket.create_connection((host, port), 3).close()
        return True
    except OSError:
        return False
[reachable("{address}", {settings["LAB_PORT"]}),
 status("http://proxy:{settings["PROXY_PORT"]}/user/{bia.name}/api/contents"),
 status(os.environ["JUPYTERHUB_API_URL"] + "/users"),
 [reachable(host, {settings["PROXY_API_PORT"]}) for host in ("proxy", "proxy-api", *{proxy_addresses})],
 os.path.exists("/var/run/docker.sock")]
"""
    assert kernel.run(code).ok().value == f"[False, 403, 403, {[False] * 4}, False]"


# The posture


def test_a_lab_is_as_limited_as_promised(stack, settings, labs, courses, ana):
    found = json.loads(docker("inspect", container(stack, ana)))[0]
    host = found["HostConfig"]
    assert host["CapDrop"] == ["ALL"] and not host["CapAdd"] and not host["Privileged"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["PidsLimit"] == int(settings["LAB_PIDS"])
    assert host["Memory"] == host["MemorySwap"] > 0
    assert host["CpuQuota"] == int(float(settings["LAB_CPUS"]) * 100_000)
    assert host["Init"] is True
    assert not host["PortBindings"]
    assert found["Config"]["User"] == "1000:1000"
    mounts = sorted((mount["Type"], mount["Name"], mount["Destination"], mount["RW"]) for mount in found["Mounts"])
    assert mounts == [
        ("volume", f"{stack.project}-home-{ana.name}", "/home/student", True),
        ("volume", f"{stack.project}-shared-{courses[0]}", f"/srv/shared/{courses[0]}", False),
    ]
    labels = found["Config"]["Labels"]
    assert (labels["dataflow.project"], labels["dataflow.user"]) == (stack.project, ana.name)


def test_and_sees_itself_that_way(labs, kernel):
    code = """
import os, pathlib
fields = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
[os.getuid(), *(fields[name].strip() for name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp"))]
"""
    none = "0" * 16
    assert kernel.run(code).ok().value == f"[1000, '{none}', '{none}', '1', '2']"


def test_the_server_that_guards_a_lab_is_not_the_students_to_change(kernel):
    code = "import os\n[path for path in ('/opt/lab', '/opt/lab/bin/python', '/opt/lab/etc', '/etc') if os.access(path, os.W_OK)]"
    assert kernel.run(code).ok().value == "[]"


def test_a_lab_knows_no_secret_but_its_own(stack, kernel, labs):
    variables = kernel.run("import os\nprint('\\n'.join(f'{k}={v}' for k, v in os.environ.items()))").ok().text
    for name in ("cookie_secret", "crypt_key", "proxy_auth_token"):
        assert (stack.state / "secrets" / name).read_text().strip() not in variables
    kept = kernel.run("import os\n[os.environ['MEM_LIMIT'], os.environ['CPU_LIMIT']]").ok().value
    assert "2147483648" in kept or "MEM" not in kept


# The courses' folders


def test_what_an_instructor_lays_into_a_course_is_read_by_its_students_and_by_nobody_else(labs, courses, kernel):
    for course in courses:
        written = labs["bia"].request("PUT", f"api/contents/shared/{course}/week1.txt", json={
            "type": "file", "format": "text", "content": f"read {course}"})
        assert written.status_code == 201, written.text
    read = labs["ana"].request("GET", f"api/contents/shared/{courses[0]}/week1.txt").json()
    assert (read["content"], read["writable"]) == (f"read {courses[0]}", False)
    there = labs["ana"].request("GET", "api/contents/shared").json()
    assert [entry["name"] for entry in there["content"]] == [courses[0]]
    code = f"""
import errno, os
def refused(action, *arguments):
    try:
        action(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
folder = "/home/student/shared/{courses[0]}"
[refused(open, folder + "/mine.txt", "w"), refused(os.remove, folder + "/week1.txt"), refused(os.chmod, folder, 0o777),
 os.listdir("/srv/shared")]
"""
    assert kernel.run(code).ok().value == f"['EROFS', 'EROFS', 'EROFS', ['{courses[0]}']]"


# The home


def test_files_outlive_the_lab(labs, ana, kernel):
    kernel.run("open('/home/student/kept.txt', 'w').write('still here')").ok()
    kernel.close()
    ana.stop()
    again: Lab = ana.start()
    answer = again.request("GET", "api/contents/kept.txt")
    assert (answer.status_code, answer.json()["content"]) == (200, "still here")
    labs["ana"] = again
