#!/usr/bin/env python3
"""Prints how far the rows of `featherpack profile` are off the load that they explain.

Usage: testdata/bench/profiles.py [--app orders|packages] [--only NAME]... [--runs N] [--binary FILE] [--below MS]

Needs Linux x64, go and node, and the installed packages of the app. Each function is profiled
in new processes: the measured load, what the rows add up to, and the difference with its 95%
interval, in ms of processor time. The last line says how many differences are within 10%, and
how many are surely not. --below leaves out functions of a longer load in the last line.
"""
import argparse, json, subprocess
import paired


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--app", default="orders")
    parser.add_argument("--only", action="append", help="a function to profile; all without")
    parser.add_argument("--runs", type=int, help="as many as it takes without")
    parser.add_argument("--below", type=float, default=float("inf"))
    parser.add_argument("--binary", help="the featherpack that measures, instead of a new one")
    options = parser.parse_args()
    app = f"{paired.TOP}/testdata/apps/{options.app}"
    with paired.workplace(binary=options.binary) as (_, binary):
        listed = json.loads(subprocess.run([binary, "discover", "--json", app], capture_output=True, check=True).stdout)
        names = options.only or [f["id"] for f in listed["functions"] if f["family"] == "node"]
        within = beyond = all_of_them = 0
        print(f"{'function':24} {'load ms':>8} {'sum ms':>8} {'off':>7}  interval           starts")
        for name in names:
            runs = [f"--runs={options.runs}"] if options.runs else []
            done = subprocess.run([binary, "profile", name, app, "-o", "json", *runs], capture_output=True, text=True)
            if done.returncode:
                print(f"{name:24} not profiled: {done.stderr.strip().splitlines()[-1] if done.stderr else ''}", flush=True)
                continue
            p = json.loads(done.stdout)
            off, low, high = (100 * p.get(key, 0) for key in ("off", "offLow", "offHigh"))
            print(f"{name:24} {p['load']['millis']:8.2f} {p['sum']['millis']:8.2f} {off:+6.1f}%  {low:+6.1f}% to {high:+6.1f}%  {p['runs']:4}", flush=True)
            if p["load"]["millis"] < options.below:
                all_of_them += 1
                within += abs(off) <= 10
                beyond += low > 10 or high < -10
        print(f"{within} of {all_of_them} sums are within 10%; {beyond} are surely not")


main()
