#!/usr/bin/env python3
"""What `featherpack build --watch` takes for one change in a service of 100 small Node
functions: from saving the file to the line that says which zips were built. The time
until the change is noticed is part of the first figure, and not of the second, which
featherpack prints. CPU is that of the process.

Usage: testdata/bench/watch.py [--functions N] [--pairs ROUNDS] [--keep DIR]

Needs Linux, go, node, npm and python3. Packages come from npm by exact version.
"""
import os, re, signal, statistics, subprocess, sys, time
import paired

# What the functions are without the AWS SDK: own code and a few packages.
SMALL = [("import { DynamoDBClient", ""), ("const client", ""), ("  const found", '  const found = { Item: { id: "%s", total: 1 } };')]
SHARED = "export const label = (id: string) => `VALUE ${id}`;\n"


def service(folder, functions, small):
    """Writes the sources and returns the functions' names. The first three share a file."""
    names = paired.sources(folder, functions, {})
    for n, name in enumerate(names):
        lines = (paired.SOURCE % {"n": n}).splitlines()
        for begins, instead in SMALL if small else []:
            lines = [instead.replace("%s", f"table-{n}") if line.startswith(begins) else line for line in lines]
        if n < 3:
            lines = ['import { label } from "./shared";'] + [line.replace("return { ", "return { label: label(event.id), ") for line in lines]
        paired.write(f"{folder}/src/{name}.ts", "\n".join(lines) + "\n")
    paired.write(f"{folder}/src/shared.ts", SHARED)
    paired.write(f"{folder}/serverless.yml", paired.serverless(names))
    return names


def cpu(pid):
    """The CPU time of a process, in s."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def watch(binary, folder, rounds, cache):
    """Makes changes of each kind and prints what they took."""
    child = subprocess.Popen([binary, "build", "--watch", "--cache", cache], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def line(pattern):
        for text in child.stdout:
            if re.search(pattern, text):
                return text.strip()
        sys.exit("featherpack ended")

    line("waiting for changes")
    for what, file, change in (
        ("a function", "fn010.ts", lambda text, n: text.replace("table-", f"v{n}-")),
        ("a comment", "fn011.ts", lambda text, n: text + f"// {n}\n"),
        ("a shared file", "shared.ts", lambda text, n: text.replace("VALUE", f"v{n}")),
    ):
        path = f"{folder}/src/{file}"
        with open(path) as f:
            before = f.read()
        costs = []
        for n in range(rounds + 1):
            time.sleep(0.5)
            used, start = cpu(child.pid), time.monotonic()
            paired.write(path, change(before, n))
            said = line(" changed: ")
            costs.append((time.monotonic() - start, int(re.search(r"(\d+) ms$", said)[1]), cpu(child.pid) - used))
        saved, built, used = (statistics.median(c[i] for c in costs[1:]) for i in range(3))
        print(f"  {what:14} saved to built {saved * 1000:5.0f} ms  build {built:5.0f} ms  CPU {used * 1000:5.0f} ms (the first {costs[0][2] * 1000:.0f})  {said}", flush=True)
    child.send_signal(signal.SIGINT)
    child.stdout.read()
    child.wait()


def main():
    options = paired.arguments(__doc__)
    with paired.workplace(options.keep) as (work, binary):
        for kind, small in (("own code and a few packages", True), ("with the AWS SDK", False)):
            service(f"{work}/service", options.functions, small)
            print(f"{options.functions} functions, {kind}: medians of {options.pairs} changes", flush=True)
            watch(binary, f"{work}/service", options.pairs, f"{work}/cache")


main()
