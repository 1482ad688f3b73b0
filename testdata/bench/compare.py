#!/usr/bin/env python3
"""Compares what two checkouts of featherpack make of all sample projects, and
prints where they differ: zips, source maps, licences, reports in every format,
messages, answers of `why` and `advise`, exit statuses.

Usage: testdata/bench/compare.py [flags] BASE HEAD

    testdata/bench/compare.py --keep /tmp/compare ../before .
    testdata/bench/compare.py --keep /tmp/compare --only orders,ingest ../before .
    testdata/bench/compare.py --keep /tmp/compare --text-apart ../before .

BASE and HEAD are folders of two checkouts (`git worktree add ../before COMMIT`).
Both are built, and both get the sample projects of BASE. Exit status: 0 without
a difference, 1 with one, 2 when the comparison could not be made.

--only NAMES    projects, by the names that --list prints, joined by commas
--keep DIR      work in DIR and keep it: the installed packages, and everything
                that was written below DIR/results. The next run with the same
                DIR installs nothing, and runs BASE only if its binary or its
                projects have changed. Without it everything goes to a folder
                that is removed afterwards, and the packages come from npm again.
--text-apart    for a change of wording: zips, maps and licences are compared
                exactly, and JSON (report.json, SARIF, GitLab, the metafile)
                without its texts. A text is a string with a blank in it on both
                sides. What people read (text, Markdown, HTML, JUnit, GitHub,
                messages, help) is left out.
--all           print every difference, not only the first of each project
--list          print the names of the projects

Taken out before anything is compared, since it differs by nature: the line that
says which step was the slowest, the folder that the projects lie in, the random mark
of an output folder, and in the HTML page the hashes of its own scripts and styles.

Needs Linux, go, node, npm and python3. Packages come from npm by lockfile. A
first run takes some minutes of CPU time, a second one with --keep about half.
"""
import argparse, fcntl, glob, hashlib, json, os, re, shutil, subprocess, sys, tempfile, time, zipfile

MANAGERS = {"pnpm": "12.21.0", "yarn": "1.22.22", "@yarnpkg/cli-dist": "4.18.1"}
LAYOUTS = {  # the package manager's script, below the folder that MANAGERS is installed in
    "npm": None, "pnpm": "pnpm/pnpm", "yarn-classic": "yarn/bin/yarn.js", "yarn-node-modules": "@yarnpkg/cli-dist/bin/yarn.js",
    "yarn-pnp": "@yarnpkg/cli-dist/bin/yarn.js", "yarn-pnp-shared": "@yarnpkg/cli-dist/bin/yarn.js",
}
FORMATS = ["text", "markdown", "json", "html", "sarif", "junit", "gitlab", "github", "github-summary", "csv", "metafile"]
JSON = {"json", "sarif", "gitlab", "metafile", "report.json", "answer.json"}
STRUCTURE = re.compile(r"(\.zip|\.map|\.licenses\.txt|/status|/files|/csv)$")  # compared exactly, texts apart or not


class Failure(Exception):
    pass


# --- projects: what is built, from which folders, and what is asked about it ---

class Project:
    """A folder to build. layers are folders copied one over the other, steps its commands."""

    def __init__(self, name, layers, steps, install=None, prepare=None):
        self.name, self.layers, self.steps, self.install, self.prepare = name, layers, steps, install, prepare


def builds(*flags):
    """The steps that every project has: what is found, and what is built of it in every format."""
    return [
        ("discover", ["discover", "-v"]), ("discover-json", ["discover", "--json"]),
        ("build", ["build", "-v", "--out", "OUT", *formats(), *flags]),
    ]


def formats():
    return [word for name in FORMATS for word in ("-o", f"{name}=FORMATS/{name}")]


def projects(base):
    apps, golden, layouts = f"{base}/testdata/apps", f"{base}/testdata/golden", f"{base}/testdata/layouts"
    advice = [("advise-safe", ["advise", "--only-safe", "--trials", "0", "-v"]), ("advise-json", ["advise", "--trials", "0", "--json"])]
    found = [
        Project("orders", [f"{apps}/orders"], builds() + whys(f"{apps}/orders", 5) + advice[1:] + [
            ("build-otherwise", ["build", "-v", "--out", "OUT", "--waterfall", "--sourcemap", "zip", "--sourcemap-packages",
                                 "--compress", "fast", *formats()]),
            ("build-exact", ["build", "--quiet", "--out", "OUT", "--exact-before", "--only", "fulfilment", *formats()]),
            ("init", ["init"]),
        ], install=[]),
        Project("ingest", [f"{apps}/ingest"], builds() + [
            ("why", ["why", "receipts", "service/dynamodb", "-v"]), ("why-json", ["why", "receipts", "service/dynamodb", "--json"]),
            ("why-symbol", ["why", "health", "os.Getenv", "--by", "calls"]),
        ] + advice),
        Project("packages", [f"{apps}/packages"], builds("--compress", "fast") + whys(f"{apps}/packages", 20) + [
            ("advise-safe", ["advise", "--only-safe", "--trials", "0", "-v", "knex", "pino", "sharp", "express", "typeorm"]),
        ], install=["ajv"]),
        Project("cdk", [], builds(), prepare=lambda to: cdk(f"{base}/testdata/hooks/cdk", to)),
    ]
    for name in LAYOUTS:
        found.append(Project(f"layout-{name}", [f"{layouts}/project", f"{layouts}/{name}"], builds(), install=[]))
    for service in ("orders", "ingest"):
        below = [f"{apps}/{service}", f"{golden}/{service}/base"]
        node = [] if service == "orders" else None
        found.append(Project(f"golden-{service}", below, [("build", ["build", "--quiet", "--out", "OUT"])], install=node))
        for change in sorted(os.listdir(f"{golden}/{service}")):
            if os.path.isdir(f"{golden}/{service}/{change}/commit"):
                found.append(Project(f"golden-{service}-{change}", below + [f"{golden}/{service}/{change}/commit"], [
                    ("check", ["check", "-v", "--out", "OUT", "--compare-to", f"RESULTS/golden-{service}/build/out/report.json", *formats()]),
                ], install=node))
    for script in sorted(glob.glob(f"{base}/testdata/script/*.txtar")):
        name = os.path.basename(script).removesuffix(".txtar")
        steps = [("discover", ["discover", "-v"]),
                 ("build", ["build", "-v", "--out", "OUT", "-o", "text=FORMATS/text", "-o", "json=FORMATS/json"])]
        found.append(Project(f"script-{name}", [], steps, prepare=lambda to, script=script: unpack(script, to)))
    commands = ["build", "check", "why", "advise", "discover", "boot", "report", "calibrate", "hook", "init", "completion", "version"]
    words = [(f"help-{c}", [c, "--help"]) for c in commands] + [("help", ["help"]), ("none", []), ("typo", ["biuld"]), ("flag", ["build", "--nope"])]
    words += [(f"hook-{h}", ["hook", h]) for h in ("serverless", "sam", "cdk", "terraform", "github")]
    words += [(f"completion-{s}", ["completion", s]) for s in ("bash", "zsh", "fish", "powershell")]
    words += [(f"topic-{name}", ["help", name]) for name in sorted(pages(base))]
    found.append(Project("command-line", [], words, prepare=lambda to: None))
    return found


def pages(base):
    """The topics of `featherpack help`, by the files of their pages."""
    return [os.path.basename(name).removesuffix(".md") for name in glob.glob(f"{base}/cmd/featherpack/docs/*.md")]


def whys(folder, every):
    """Questions about some functions: each about one of the packages that its source imports first."""
    steps = []
    if folder.endswith("/packages"):
        functions = re.findall(r"(?m)^  ([\w-]+): \{entry: ([^,]+),", read(f"{folder}/featherpack.yaml"))
    else:
        functions = [(name, re.sub(r"\.\w+$", "", handler)) for name, handler in
                     re.findall(r"(?m)^  (\w+):\n(?:    .*\n)*?    handler: (\S+)", read(f"{folder}/serverless.yml"))]
    for name, entry in functions[::every]:
        sources = glob.glob(f"{folder}/{entry}") or glob.glob(f"{folder}/{entry}.*") or glob.glob(f"{folder}/{entry}/index.*")
        imported = re.findall(r"""(?:from|require\(|import\(?)\s*['"]([^.'"][^'"]*)['"]""", read(sources[0])) if sources else []
        imported = [i for i in imported if not i.startswith("node:")]
        if imported:
            package = "/".join(imported[0].split("/")[:2 if imported[0].startswith("@") else 1])
            steps.append((f"why-{name}", ["why", name, package, "--json" if len(steps) % 2 else "-v"]))
    return steps


def cdk(folder, to):
    """Copies the CDK app, with a featherpack.yaml that names the functions its constructs name."""
    overlay([folder], to)
    with open(f"{to}/featherpack.yaml", "w") as f:
        f.write("functions:\n")
        for entry in sorted(glob.glob("src/*.*", root_dir=folder)) + ["src/invoice/index.ts"]:
            name = entry.removesuffix("/index.ts").removeprefix("src/").partition(".")[0]
            exported = re.search(r"(?:export (?:default )?(?:async )?(?:const|function) |exports\.)(main|handler)\b", read(f"{folder}/{entry}"))
            f.write(f"  {name}: {{entry: {entry}, handler: {exported[1] if exported else 'handler'}, runtime: nodejs22.x}}\n")
        for entry in sorted(glob.glob("cmd/*", root_dir=folder)):
            f.write(f"  {os.path.basename(entry)}: {{entry: ./{entry}, runtime: provided.al2023}}\n")


def unpack(script, to):
    """Writes the files of a txtar archive."""
    for name, text in re.findall(r"(?ms)^-- (\S+) --\n(.*?)(?=^-- \S+ --\n|\Z)", read(script)):
        path = os.path.normpath(f"{to}/{name}")
        if path.startswith(to + "/"):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)


# --- running: the same copies in the same folder, one binary after the other ---

def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def digest(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part if isinstance(part, bytes) else part.encode())
    return h.hexdigest()[:16]


def file_digest(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def tree_digest(folders):
    """A digest of the files below some folders, without what is installed or built there."""
    h = hashlib.sha256()
    for folder in folders:
        for at, dirs, files in os.walk(folder):
            dirs[:] = sorted(d for d in dirs if d not in ("node_modules", ".featherpack"))
            for name in sorted(files):
                h.update(f"{os.path.relpath(at, folder)}/{name}\n".encode())
                with open(f"{at}/{name}", "rb") as f:
                    h.update(f.read())
    return h.hexdigest()[:16]


def overlay(layers, to):
    os.makedirs(to, exist_ok=True)
    for layer in layers:
        shutil.copytree(layer, to, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns("node_modules", ".featherpack"))


class Workplace:
    """The folder that everything happens in: installed/, results/ and run-XXXXXXXX/."""

    def __init__(self, kept):
        self.dir = os.path.abspath(kept) if kept else tempfile.mkdtemp(prefix="featherpack-compare-")
        self.kept = bool(kept)
        os.makedirs(f"{self.dir}/installed", exist_ok=True)
        os.makedirs(f"{self.dir}/results", exist_ok=True)
        self.run = tempfile.mkdtemp(prefix="run-", dir=self.dir)  # always as long, since tables fold by width

    def close(self):
        shutil.rmtree(self.run if self.kept else self.dir, ignore_errors=True)

    def lock(self, name):
        """Lets one process at a time do what the name stands for."""
        f = open(f"{self.dir}/{name}.lock", "w")
        fcntl.flock(f, fcntl.LOCK_EX)
        return f

    def build(self, checkout):
        name = f"{self.run}/featherpack-{digest(os.path.abspath(checkout))}"
        done = subprocess.run(["go", "build", "-trimpath", "-buildvcs=false", "-o", name, "./cmd/featherpack"], cwd=checkout, capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"building {checkout}:\n{done.stderr}")
        return name

    def managers(self):
        folder = f"{self.dir}/installed/managers-{digest(json.dumps(MANAGERS))}"
        with self.lock("install"):
            if not os.path.exists(folder):
                command(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder + ".part"] +
                        [f"{n}@{v}" for n, v in MANAGERS.items()], self.dir)
                os.rename(folder + ".part", folder)
        return folder

    def environment(self, project, home):
        env = {k: v for k, v in os.environ.items() if not re.match(r"CI$|GITHUB_|GITLAB_|CI_|BITBUCKET_|FORCE_COLOR|COLUMNS|NODE_OPTIONS|FEATHERPACK_", k)}
        env.update(NO_COLOR="1", GITHUB_STEP_SUMMARY=f"{self.run}/summary", LC_ALL="C", YARN_GLOBAL_FOLDER=f"{home}/shared-by-projects")
        script = LAYOUTS.get(project.name.removeprefix("layout-"))
        if script:
            bin = f"{self.run}/bin-{project.name}"
            link = f"{bin}/{os.path.basename(script).removesuffix('.js')}"
            if not os.path.lexists(link):
                os.makedirs(bin)
                os.symlink(f"{self.managers()}/node_modules/{script}", link)
            env["PATH"] = bin + os.pathsep + env["PATH"]
        return env

    def installed(self, project, binary):
        """The folder with what a project's lockfile names, installed once by BASE; None without packages."""
        if project.install is None:
            return None
        wanted = f"{self.run}/wanted"
        shutil.rmtree(wanted, ignore_errors=True)
        overlay(project.layers, wanted)
        locks = sorted(glob.glob(f"{wanted}/*lock*") + glob.glob(f"{wanted}/**/package.json", recursive=True) + glob.glob(f"{wanted}/.yarnrc.yml"))
        key = digest(*[os.path.relpath(name, wanted) + "\n" + read(name) for name in locks])
        home = f"{self.dir}/installed/{project.name.split('-')[0]}-{key}"
        part = f"{self.dir}/installed/part"
        env = self.environment(project, part)
        with self.lock("install"):
            if not os.path.exists(home):
                print(f"  installing {project.name}", flush=True)
                shutil.rmtree(part, ignore_errors=True)
                os.makedirs(f"{part}/project/.git")
                overlay(project.layers, f"{part}/project")
                only = [word for name in project.install for word in ("--only", name)]
                done = subprocess.run([binary, "build", "--install", "--quiet", "--compress", "fast", "--out", f"{part}/out", *only, f"{part}/project"],
                                      env=env, capture_output=True, text=True)
                if done.returncode:
                    raise Failure(f"installing {project.name}:\n{done.stderr}")
                shutil.rmtree(f"{part}/out")
                os.rename(part, home)
        return home

    def measure(self, project, binary, base, results):
        """Runs a project's steps; what they leave goes below results/PROJECT/STEP."""
        into = f"{results}/{project.name}"
        asked = digest(json.dumps(project.steps))
        if os.path.exists(f"{into}/done") and read(f"{into}/done") == asked:
            return
        shutil.rmtree(into, ignore_errors=True)
        home = f"{self.run}/home"
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home)
        tree = self.installed(project, base)
        if tree:
            command(["cp", "-al", f"{tree}/.", home], self.dir)
            for at, dirs, _ in os.walk(f"{home}/project"):  # sources are copied, packages linked
                dirs[:] = [d for d in dirs if d != "node_modules"]
        folder = f"{home}/project"
        os.makedirs(f"{folder}/.git", exist_ok=True)
        if project.prepare:
            project.prepare(folder)
        else:
            for layer in project.layers:
                unlink_files(layer, folder)
            overlay(project.layers, folder)
        env = self.environment(project, home)
        for name, words in project.steps:
            step = f"{into}/{name}"
            os.makedirs(f"{step}/formats")
            words = [w.replace("OUT", f"{home}/out") if w == "OUT" else w.replace("FORMATS/", f"{step}/formats/").replace("RESULTS/", f"{results}/") for w in words]
            # Formats are written beside the project and moved, so that no report names the results' folder.
            local = [w.replace(f"{step}/formats/", f"{home}/formats/") for w in words]
            os.makedirs(f"{home}/formats", exist_ok=True)
            shutil.rmtree(f"{home}/out", ignore_errors=True)
            saved = [w for w in local if w.endswith("/report.json")]
            for w in saved:
                shutil.copy(w, f"{home}/base.json")
            local = [f"{home}/base.json" if w in saved else w for w in local]
            open(f"{self.run}/summary", "w").close()
            done = subprocess.run([binary, *local], cwd=folder, env=env, capture_output=True, stdin=subprocess.DEVNULL)
            files = {"status": f"{done.returncode}\n".encode(), "stderr": done.stderr,
                     "answer.json" if "--json" in words else "stdout": done.stdout}
            for file, data in files.items():
                with open(f"{step}/{file}", "wb") as f:
                    f.write(data.replace(self.run.encode(), b"RUN"))
            for file in os.listdir(f"{home}/formats"):
                shutil.move(f"{home}/formats/{file}", f"{step}/formats/{file}")
            if os.path.isdir(f"{home}/out"):
                shutil.move(f"{home}/out", f"{step}/out")
        with open(f"{into}/done", "w") as f:
            f.write(asked)


def unlink_files(layer, folder):
    """Takes away hard links that an overlay would write through."""
    for at, dirs, files in os.walk(layer):
        dirs[:] = [d for d in dirs if d not in ("node_modules", ".featherpack")]
        for name in files:
            path = os.path.join(folder, os.path.relpath(at, layer), name)
            if os.path.lexists(path):
                os.unlink(path)


def command(words, cwd):
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"{' '.join(words)}:\n{done.stdout}{done.stderr}")


# --- comparing ---

TOOK = re.compile(r"(?m)^slowest step: .*\n")
PAGE_HASH = re.compile(r"sha256-[A-Za-z0-9+/=]+")


def compared(results, name):
    """The files of a project's results, by their path."""
    found = {}
    for at, _, files in os.walk(f"{results}/{name}"):
        for file in files:
            path = f"{at}/{file}"
            if path.endswith("/out/.gitignore"):  # a random mark, so that no other folder is taken for an output folder
                continue
            found[os.path.relpath(path, f"{results}/{name}")] = path
    return found


def differences(base, head, name, text_apart):
    """Yields (place, what differs) of one project."""
    ours, theirs = compared(base, name), compared(head, name)
    for place in sorted(set(ours) | set(theirs)):
        if place not in theirs or place not in ours:
            yield place, "only in " + ("BASE" if place in ours else "HEAD")
            continue
        if file_digest(ours[place]) == file_digest(theirs[place]):
            continue
        kind = os.path.basename(place)
        if place.endswith(".zip"):
            yield place, zip_difference(ours[place], theirs[place])
        elif kind in JSON:
            yield from json_difference(place, read(ours[place]), read(theirs[place]), text_apart)
        elif text_apart and not STRUCTURE.search(place):
            continue
        else:
            yield from text_difference(place, read(ours[place]), read(theirs[place]))


def zip_difference(a, b):
    entries = []
    for name in (a, b):
        with zipfile.ZipFile(name) as z:
            entries.append({i.filename: (i.CRC, i.file_size, i.compress_size, i.external_attr) for i in z.infolist()})
    x, y = entries
    gone, new = sorted(set(x) - set(y)), sorted(set(y) - set(x))
    other = sorted(n for n in set(x) & set(y) if x[n] != y[n])
    said = [f"{word} {len(names)} ({', '.join(names[:3])})" for word, names in (("lost", gone), ("gained", new), ("changed", other)) if names]
    return "zip: " + ("; ".join(said) or "other bytes of the same entries") + f"; {os.path.getsize(a)} B, now {os.path.getsize(b)} B"


def json_difference(place, a, b, text_apart):
    try:
        a, b = json.loads(a), json.loads(b)
    except ValueError:
        yield from text_difference(place, a, b)
        return
    seen = False
    for path, x, y in walk("", a, b):
        if text_apart and isinstance(x, str) and isinstance(y, str) and " " in x and " " in y:
            continue
        if path.endswith(("sha256", "codeSha256", "Sha256")):  # the zips tell that themselves
            seen = True
            continue
        seen = True
        yield place, re.sub(r"\[\d+\]", "[]", path) + f": {brief(x)}, now {brief(y)}"
    if not seen and not text_apart:
        yield place, "the same values, written otherwise"


def walk(path, a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in a.keys() | b.keys():
            if key not in a or key not in b:
                yield f"{path}.{key}", a.get(key, "nothing"), b.get(key, "nothing")
            else:
                yield from walk(f"{path}.{key}", a[key], b[key])
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield f"{path}.length", len(a), len(b)
        for i, (x, y) in enumerate(zip(a, b)):
            yield from walk(f"{path}[{i}]", x, y)
    elif a != b or type(a) is not type(b):
        yield path, a, b


def text_difference(place, a, b):
    a, b = TOOK.sub("", a), TOOK.sub("", b)
    if place.endswith("/html"):
        a, b = PAGE_HASH.sub("HASH", a), PAGE_HASH.sub("HASH", b)
    if a == b:
        return
    x, y = a.splitlines(), b.splitlines()
    start = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q), min(len(x), len(y)))
    p, q = (x + [""] * (start + 1))[start], (y + [""] * (start + 1))[start]
    if len(p) > 100 and len(q) > 100:  # one long line, as in a page's data: from where they part
        at = next((i for i, (c, d) in enumerate(zip(p, q)) if c != d), min(len(p), len(q)))
        p, q = p[max(0, at - 30):], q[max(0, at - 30):]
    yield place, f"{brief(p)}, now {brief(q)}"


def brief(value):
    said = value if isinstance(value, str) else json.dumps(value)
    return repr(said if len(said) <= 110 else said[:107] + "...")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    for flag in ("--only", "--keep"):
        parser.add_argument(flag, default="")
    for flag in ("--text-apart", "--all", "--list"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    all_projects = projects(os.path.abspath(options.folders[0]) if options.folders else here)
    if options.list:
        print(*[p.name for p in all_projects], sep="\n")
        return 0
    if len(options.folders) != 2:
        parser.error("two folders are wanted: BASE and HEAD")
    only = [name for name in options.only.split(",") if name]
    chosen = [p for p in all_projects if not only or any(p.name == n or p.name.startswith(n + "-") for n in only)]
    if not chosen:
        raise Failure(f"no project is called {options.only}; --list prints the names")
    base, head = map(os.path.abspath, options.folders)
    place = Workplace(options.keep)
    try:
        binaries = {"BASE": place.build(base), "HEAD": place.build(head)}
        inputs = tree_digest([f"{base}/testdata/{d}" for d in ("apps", "golden", "hooks", "layouts", "script")])
        results = {side: f"{place.dir}/results/{file_digest(b)[:12]}-{inputs[:8]}" for side, b in binaries.items()}
        if results["BASE"] == results["HEAD"]:
            print("both checkouts build the same binary")
            return 0
        grouped, started = {}, time.monotonic()
        for project in chosen:
            for side in ("BASE", "HEAD"):
                with place.lock(os.path.basename(results[side])):
                    place.measure(project, binaries[side], binaries["BASE"], results[side])
            for where, what in differences(results["BASE"], results["HEAD"], project.name, options.text_apart):
                grouped.setdefault((project.name.split("-")[0], os.path.basename(where) if not where.endswith((".zip", ".map")) else "", what), []).append(
                    f"{project.name}/{where}")
            print(f"{project.name}: {sum(p.startswith(project.name + '/') for ps in grouped.values() for p in ps)} differences "
                  f"({time.monotonic() - started:.0f} s)", flush=True)
        report(grouped, results, options)
        return 1 if grouped else 0
    finally:
        place.close()


def report(grouped, results, options):
    print()
    shown = {}
    for (project, kind, what), places in grouped.items():
        shown[project, kind] = shown.get((project, kind), 0) + 1
        if shown[project, kind] > 5 and not options.all:
            continue
        print(f"{places[0]}" + (f" and {len(places) - 1} more" if len(places) > 1 else "") + f"\n    {what}")
    for (project, kind), n in shown.items():
        if n > 5 and not options.all:
            print(f"{project}: {n - 5} more of {kind or 'this kind'} (--all prints them)")
    total = sum(map(len, grouped.values()))
    print(f"{total} differences" if total else "no difference")
    if options.keep:
        print(f"BASE {results['BASE']}\nHEAD {results['HEAD']}")


try:
    sys.exit(main())
except Failure as failure:
    print(f"compare.py: {failure}", file=sys.stderr)
    sys.exit(2)
