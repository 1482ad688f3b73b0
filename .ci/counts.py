"""Reads what `go test -json` prints, of one run or of several. Says on stderr how each
package ended, with the output of what failed and the reason of what was skipped, and
prints one line: N passed, N failed, N skipped. Exits with 1 when anything failed, and
with --all also when a test was only skipped that .ci/run should run."""
import collections, json, sys

output = collections.defaultdict(list)  # by package and test
ended = collections.Counter()
failed = False
left = {}  # tests that were skipped until now, but that .ci/run should run
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
    elif action in ("fail", "build-fail"):
        failed = True
        print(f"--- FAIL: {package} {test}\n{''.join(output.pop(key, [])[-200:])}", file=sys.stderr)
    elif action == "skip" and test:
        said = "".join(l for l in output.pop(key, []) if not l.lstrip().startswith(("===", "---"))).strip()
        print(f"--- SKIP: {package} {test}: {said}", file=sys.stderr)
        if ".ci/run does" in said:
            left[key] = said
        else:  # it was run, and this machine lacks something
            left.pop(key, None)
    elif action == "pass" and not test:
        print(f"ok  {package}  {event['Elapsed']:.1f} s", file=sys.stderr, flush=True)
    if test and action in ("pass", "fail", "skip"):
        ended[action] += 1
        if action != "skip":
            left.pop(key, None)
        output.pop(key, None)
if "--all" in sys.argv and left:
    failed = True
    print("no run included these tests:", *(f"  {package} {test}" for package, test in left), sep="\n", file=sys.stderr)
print(f"{ended['pass']} passed, {ended['fail']} failed, {ended['skip']} skipped")
sys.exit(failed)
