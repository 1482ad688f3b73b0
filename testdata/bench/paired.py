"""What the scripts of this folder share: a service of small functions with real
dependencies, a command's cost, and ratios of paired runs.

Every pair runs each contender once, in turn, so that a busy machine weighs on
all alike; what is printed is the median of the pairs' ratios.
"""
import argparse, collections, contextlib, ctypes, json, os, shutil, statistics, subprocess, sys, tempfile, time

PACKAGES = {
    "@aws-sdk/client-dynamodb": "3.1000.0", "zod": "4.1.12", "lodash": "4.17.21",
    "uuid": "11.1.0", "date-fns": "4.1.0", "jose": "6.1.0",
}
SOURCE = """import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import pick from "lodash/pick";
import { v5 } from "uuid";
import { formatISO } from "date-fns";
import { decodeJwt } from "jose";

const client = new DynamoDBClient({});
const Event = z.object({ id: z.string(), token: z.string().optional() });

export const handler = async (raw: unknown) => {
  const event = Event.parse(raw);
  const subject = event.token ? decodeJwt(event.token).sub : v5("function-%(n)d", v5.URL);
  const found = await client.send(new GetItemCommand({ TableName: "table-%(n)d", Key: { id: { S: event.id } } }));
  return { ...pick(found.Item ?? {}, ["id", "total"]), subject, at: formatISO(0) };
};
"""
os.environ["FEATHERPACK_CACHE"] = "off"  # a second run costs what the first did, unless it names a cache
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

Cost = collections.namedtuple("Cost", "wall cpu peak")  # s, s of all processes, MiB of the largest


def arguments(doc):
    """Parses --functions, --pairs and --keep; doc is the script's own."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--keep", help="folder to work in and keep")
    return parser.parse_args()


@contextlib.contextmanager
def workplace(kept=None, binary=None):
    """A folder to work in, removed afterwards unless it is to be kept, and featherpack, built into it unless a binary is given."""
    work = os.path.abspath(kept) if kept else tempfile.mkdtemp(prefix="featherpack-bench-")
    os.makedirs(work, exist_ok=True)
    if not binary:
        binary = f"{work}/featherpack"
        subprocess.run(["go", "build", "-o", binary, "./cmd/featherpack"], cwd=TOP, check=True)
    yield work, binary
    if not kept:
        shutil.rmtree(work)


def sources(folder, functions, tools):
    """Writes src/fn000.ts and so on with their installed packages; returns the functions' names."""
    names = [f"fn{n:03d}" for n in range(functions)]
    if not os.path.exists(folder):
        os.makedirs(f"{folder}/src")
        for n, name in enumerate(names):
            write(f"{folder}/src/{name}.ts", SOURCE % {"n": n})
        write(f"{folder}/package.json", json.dumps({"name": "bench", "private": True, "dependencies": PACKAGES, "devDependencies": tools}))
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return names


def serverless(names):
    """A serverless.yml of the functions, without plugins."""
    head = "service: bench\nframeworkVersion: '*'\nprovider: {name: aws, runtime: nodejs20.x, region: eu-west-1}\npackage: {individually: true}\nfunctions:\n"
    return head + "".join(f"  {name}: {{handler: src/{name}.handler}}\n" for name in names)


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def run(command, cwd, env=None):
    """Runs a command to its end and returns its Cost; services that it leaves behind are waited for and count (Linux)."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become ours
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{command} failed:\n{said.decode()[-3000:]}")
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return Cost(wall, cpu, peak / 1024)
        cpu, peak = cpu + usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss)


def sample(contenders, pairs):
    """Runs every contender, a function that returns its Cost, once a pair; returns the costs by name."""
    samples = {name: [] for name in contenders}
    for pair in range(pairs):
        for name, act in contenders.items():
            cost = act()
            samples[name].append(cost)
            print(f"pair {pair + 1}  {name:22} wall {cost.wall:6.1f} s  CPU {cost.cpu:6.1f} s  peak {cost.peak:6.0f} MiB", flush=True)
    return samples


def ratios(ours, theirs):
    """The medians over the pairs, as text."""
    median = lambda column: statistics.median(a[column] / b[column] for a, b in zip(ours, theirs))
    return f"wall {median(0):.2f}  CPU {median(1):.2f}  peak memory {median(2):.2f}"
