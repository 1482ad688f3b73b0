"""Reads what `go test -json` prints. Says on stderr how each package ended, with the
output of what failed and the reason of what was skipped, and prints one line: N passed,
N failed, N skipped. Exits with 1 when anything failed.

    counts.py [--state FILE]   keeps counts in the file, and the tests that say ".ci/run does":
                               they were skipped, or did less than they can
    counts.py --rest FILE      prints the arguments of the go test that runs just those tests
    counts.py --all FILE       reads what that prints, and fails if one of them is missing still
"""
import collections, json, os, re, sys

option, file = (sys.argv[1:] + ["", ""])[:2]
ended = collections.Counter()
left = {}  # how each test ended that .ci/run has to run, or run again, by package and test
if file and os.path.getsize(file):
    with open(file) as f:
        state = json.load(f)
    ended.update(state["ended"])
    left = {(package, test): action for package, test, action in state["left"]}

# Packages whose tests take longest, which begin first: at the end they would run alone.
LONGEST = ["packagestest", "fieldtest", "serverlesstest", "gobin", "installtest"]


def rest():
    groups = collections.defaultdict(set)  # the last part of names by what is before it
    for _, test in left:
        parent, _, name = test.rpartition("/")
        if not any(test.startswith(other + "/") for _, other in left):
            groups[parent].add(name)
    patterns = []
    for parent, names in sorted(groups.items()):
        path = ["^" + re.escape(part) + "$" for part in parent.split("/") if part]
        patterns.append("/".join(path + ["^(" + "|".join(re.escape(name) for name in sorted(names)) + ")$"]))
    order = {name: at for at, name in enumerate(LONGEST)}
    packages = sorted({package for package, _ in left}, key=lambda p: (order.get(p.split("/")[-1], len(order)), p))
    return ["-run", "|".join(patterns), *packages]


if option == "--rest":
    print(*rest(), sep="\n")
    sys.exit()

output = collections.defaultdict(list)  # by package and test
failed = False
for line in sys.stdin:
    try:
        event = json.loads(line)
    except ValueError:  # what the go command itself says
        print(line, end="", file=sys.stderr)
        continue
    action, package, test = event["Action"], event.get("Package", event.get("ImportPath", "")), event.get("Test", "")
    key = (package, test)
    if action in ("output", "build-output"):
        output[key].append(event["Output"])
        continue
    # testscript repeats the lines of a script, behind ">"
    said = "".join(l for l in output[key] if not l.lstrip().startswith(("===", "---", ">"))).strip()
    if action in ("fail", "build-fail"):
        failed = True
        # A panic is in the output of the test that ran, which has no end then.
        began = [o for other, o in output.items() if other == key or not test and other[0] == package]
        print(f"--- FAIL: {package} {test}\n{''.join(line for o in began for line in o[-200:])}", file=sys.stderr)
    elif action == "skip" and test:
        print(f"--- SKIP: {package} {test}: {said}", file=sys.stderr)
    elif action == "pass" and not test:
        print(f"ok  {package}  {event['Elapsed']:.1f} s", file=sys.stderr, flush=True)
    if test and action in ("pass", "fail", "skip"):
        ended[action] += 1
        if left.pop(key, "") == "skip":
            ended["skip"] -= 1
        if ".ci/run does" in said:
            left[key] = action
        output.pop(key, None)

if option == "--state":
    with open(file, "w") as f:
        json.dump({"ended": ended, "left": [[*key, action] for key, action in left.items()]}, f)
if option == "--all" and left:
    failed = True
    print("no run included these tests:", *(f"  {package} {test}" for package, test in left), sep="\n", file=sys.stderr)
print(f"{ended['pass']} passed, {ended['fail']} failed, {ended['skip']} skipped")
sys.exit(failed)
