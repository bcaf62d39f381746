# Every job a person does is a target, and every target calls a script: read `make help`, then scripts/.
.DEFAULT_GOAL := help
.PHONY: help up down start stop wipe storage-copy prepare status nifi-flows logs doctor backup restore user roster announce member build lock venv test test-unit test-ops test-images test-notebooks \
        test-exercises test-full test-hub test-platform test-browser prove lessons course bench bench-burst bench-exercises bench-grading screenshots clean

help: ## this list
	@scripts/help.sh

##@ Run a class

up: ## engine, images, hub: from a bare machine to a running class
	@scripts/up.sh
down: ## stop all services and labs; homes, accounts and exercises stay
	@scripts/down.sh
start: ## groups of services around the class (GROUPS="core processing")
	@scripts/start.sh $(GROUPS)
stop: ## stop groups; their data stays (GROUPS=core)
	@scripts/stop.sh $(GROUPS)
wipe: ## remove groups with all their data; asks first (GROUPS=core)
	@scripts/wipe.sh $(GROUPS)
storage-copy: ## copy the class's tables to another server of the object storage (FROM=versitygw STORAGE_SERVER=seaweedfs)
	@scripts/storage-copy.sh $(FROM)
status: ## what runs, where to open it, whose labs, how much memory
	@scripts/status.sh
nifi-flows: ## bring the flow definitions to NiFi and start them; run again, it only looks (SRC=dir: your own)
	@scripts/nifi-flows.sh $(SRC)
logs: ## follow the logs (NAME=hub, kafka, any service, or a user: one of them; SERVICE=kafka is the same)
	@scripts/logs.sh $(or $(NAME),$(SERVICE))
doctor: ## check everything, a real lab included; each finding with its remedy (FIX=1: do what is safe; QUICK=1: without the lab)
	@scripts/doctor.sh $(if $(FIX),--fix) $(if $(QUICK),--quick)
backup: ## copy the databases now, as the class does every quarter of an hour; everything to another disk: TO=dir, homes too: HOMES=1
	@scripts/backup.sh "$(TO)" "$(HOMES)"
restore: ## the copies that there are; COPY=name: put one in place, what was there is kept; FROM=dir (HOMES=1): a whole backup
	@scripts/restore.sh "$(COPY)" "$(FROM)" "$(HOMES)"
user: ## make an account with a one-time password (NAME=ana; ADMIN=1); or RESET=1, LOCK=1, UNLOCK=1, REMOVE=1, RESTORE=archive
	@scripts/user.sh "$(NAME)" "$(ADMIN)" "$(RESET)" "$(LOCK)" "$(UNLOCK)" "$(REMOVE)" "$(RESTORE)"
roster: ## a whole class from a spreadsheet: accounts, courses, slips to print (CSV=class.csv; DRY=1: only show; REMOVE=1, SLIPS=1)
	@scripts/roster.sh "$(CSV)" "$(DRY)" "$(REMOVE)" "$(SLIPS)"
prepare: ## start a course's labs before the lesson, as many as the memory bears (COURSE=spark1; NAME="ana joao", MOST=10)
	@scripts/prepared.sh "$(COURSE)" "$(NAME)" "$(MOST)"
announce: ## tell everybody, on the hub's pages and in the labs (TEXT="..."; UNTIL=18:00 or 2h; KIND=info or warning; LIST=1; REMOVE=ID)
	@scripts/announce.sh "$$TEXT" "$(UNTIL)" "$(KIND)" "$(LIST)" "$(REMOVE)"
member: ## put people into a course (COURSE=spark1 NAME="ana joao" ROLE=student, grader or instructor; REMOVE=1); alone: who is where
	@scripts/member.sh "$(COURSE)" "$(NAME)" "$(ROLE)" "$(REMOVE)"

##@ Build

build: ## build all images, the groups' too
	@scripts/prepare.sh state disk ca && scripts/build.sh --all
build/%: ## build one image (build/lab, build/hub, build/proxy, build/exercises)
	@scripts/prepare.sh state disk ca && scripts/build.sh $*
lock: ## turn versions.env into lock files, everywhere (KEEP=1: what is locked already keeps its version)
	@scripts/lock.sh $(if $(KEEP),--keep)
lock/%: ## the same for one image, or lock/tests
	@scripts/lock.sh $(if $(KEEP),--keep) $*
venv: ## the host's Python for tests, in .venv
	@scripts/venv.sh

##@ Test

test: ## everything, from a fresh clone: what CI runs
	@scripts/test.sh
test-unit: ## what needs no Docker; answers within seconds
	@scripts/test.sh style unit
test-ops: ## scripts and compose, run for real
	@scripts/test.sh ops
test-images: ## what each image contains and refuses
	@scripts/test.sh images
test-notebooks: ## every lesson, in the lab image
	@scripts/test.sh notebooks
test-exercises: ## the laws of every exercise, hostile submissions, the whole way from push to feedback
	@scripts/test.sh exercises
test-full: ## what takes long: exercises on three seeds each, all of them played by three people, a week of thirty, twenty kills of the hub and 200 of the exercises' service, a hundred labs, a backup brought back, a full home in a browser, Docker's engine killed, also under people who submit (about two and a half hours)
	@scripts/test.sh --full exercises hub/test_restarts.py hub/test_hundred_labs.py hub/test_backups.py hub/faults/test_engine.py browser/test_limits.py
test-hub: ## the hub over its real API
	@scripts/test.sh hub
test-platform: ## the groups of services, started: each at work, one login, faults (builds their images)
	@scripts/test.sh platform
test-browser: ## a person's path, in Chromium
	@scripts/test.sh browser

prove: ## take each protective setting away, in a copy: a test turns red (ARGS="lab" for some)
	@scripts/venv.sh && .venv/bin/python scripts/prove.py $(ARGS)

##@ Write a course

lessons: ## lessons of one part, or with this in their name, in the lab image (FILTER=streaming; without it: all)
	@scripts/lessons.sh "$(FILTER)"
course: ## your own folder of notebooks, by the same runners, with a report (SRC=dir; STRICT=1, FILTER=name, REPORT=dir)
	@scripts/course.sh "$(SRC)" "$(STRICT)" "$(FILTER)" "$(REPORT)"

##@ Measure and show

bench: ## stock against ours, as a table (ARGS=--write updates docs/benchmarks.md too, ARGS=--json)
	@scripts/venv.sh && .venv/bin/python scripts/bench.py $(ARGS)
bench-burst: ## thirty starts at once, and labs that are prepared, against stock DockerSpawner (ARGS="--students 8", ARGS=--write)
	@scripts/venv.sh && .venv/bin/python -m tests.bench.burst $(ARGS)
bench-exercises: ## hostile submissions, and release and collect, against nbgrader (ARGS="--only exchange --students 20", ARGS=--write)
	@scripts/venv.sh && .venv/bin/python -m tests.bench.exercises $(ARGS)
bench-grading: ## submissions graded a minute, ours against nbgrader (ARGS="--submissions 20")
	@scripts/venv.sh && .venv/bin/python -m tests.bench.grading $(ARGS)
screenshots: ## the README's pictures
	@scripts/venv.sh && .venv/bin/python -m tests.browser.screenshots
clean: ## remove the tests' stack, .venv and caches; never a class
	@scripts/clean.sh
