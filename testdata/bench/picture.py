#!/usr/bin/env python3
"""Draws the README's picture: runs featherpack on the sample service in a
terminal of its own and turns what it prints into an SVG.

Usage: testdata/bench/picture.py [--columns N] [--out FILE] [--command 'ARGS']

Needs Linux or macOS, go, node and npm. The run happens in a copy of
testdata/apps/orders. Results are drawn; warnings and progress, which go to
stderr, are not. The picture follows the viewer's light or dark colours.
"""
import argparse, fcntl, html, os, re, shlex, shutil, struct, subprocess, sys, tempfile, termios
import paired

SIZE, ADVANCE, LINE, PAD, BAR = 13, 7.8, 18, 16, 30  # pixels: type, one column, one line, margin, title bar
# The classes of the ANSI codes that featherpack uses; "" is plain text.
CLASSES = {"1": "b", "2": "d", "31": "r", "32": "g", "33": "y", "36": "c"}
STYLE = """
text{font:%dpx ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;fill:#1f2328;white-space:pre}
.w{fill:#f6f8fa;stroke:#d1d9e0}.o{fill:#d1d9e0}.b{font-weight:700}.d{fill:#59636e}.r{fill:#c21c2c}.g{fill:#116329}.y{fill:#7d4e00}.c{fill:#0550ae}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.w{fill:#161b22;stroke:#3d444d}.o{fill:#3d444d}
.d{fill:#9198a1}.r{fill:#ff7b72}.g{fill:#56d364}.y{fill:#e3b341}.c{fill:#79c0ff}}
""" % SIZE


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", type=int, default=96)
    parser.add_argument("--out", default=f"{paired.TOP}/cmd/featherpack/docs/build.svg")
    parser.add_argument("--command", default="build")
    options = parser.parse_args()
    with paired.workplace() as (work, binary):
        folder = f"{work}/orders"
        shutil.copytree(f"{paired.TOP}/testdata/apps/orders", folder, symlinks=True, ignore=shutil.ignore_patterns(".featherpack"))
        # The packages are installed, and the files in the disk's cache, before what is drawn.
        subprocess.run([binary, "build", "--install", "--quiet", folder], check=True, stderr=subprocess.DEVNULL)
        command = shlex.split(options.command)
        if command[0] in ("build", "check"):
            command.append("--cache=off")  # the first build, as everyone sees it once
        text = in_terminal([binary] + command, folder, options.columns)
    picture = draw(f"featherpack {options.command}", text, options.columns)
    paired.write(options.out, picture)
    print(f"wrote {options.out}: {len(picture.encode())} B")


def in_terminal(command, folder, columns):
    """What a command prints to a terminal of so many columns."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": "", "FORCE_COLOR": ""}
    child = subprocess.Popen(command, cwd=folder, env=env, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        said += part
    _, errors = child.communicate()
    if child.returncode not in (0, 1):
        sys.exit(f"{command} failed:\n{errors.decode()[-3000:]}")
    return said.decode().replace("\r\n", "\n").rstrip("\n")


def draw(prompt, text, columns):
    """An SVG of a terminal window with a prompt and what was printed."""
    lines = [f"\x1b[32m$\x1b[0m \x1b[1m{prompt}\x1b[0m", ""] + text.split("\n")
    width, height = round(columns * ADVANCE + 2 * PAD), BAR + len(lines) * LINE + PAD
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
           f"<title>{html.escape(prompt)}, in a terminal: {html.escape(plain.split(chr(10))[0])}</title><style>{STYLE}</style>",
           f'<rect class="w" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"/>']
    out += [f'<circle class="o" cx="{PAD + 4 + 18 * n}" cy="{BAR / 2}" r="5"/>' for n in range(3)]
    for row, line in enumerate(lines):
        out += [f'<text x="{PAD + at * ADVANCE:.1f}" y="{BAR + row * LINE + SIZE}"{shown(styles)} textLength="{len(cell) * ADVANCE:.1f}">{html.escape(cell, False)}</text>'
                for at, styles, cell in cells(line)]
    return "\n".join(out) + "\n</svg>\n"


def cells(line):
    """The cells of a line, which two spaces part, with their columns and styles, so that no font shifts a table."""
    at, styles = 0, []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if code:
            styles = [] if code[1] in ("", "0") else styles + [CLASSES[one] for one in code[1].split(";")]
            continue
        for cell in re.finditer(r"\S+(?: \S+)*", part):
            yield at + cell.start(), styles, cell[0]
        at += len(part)


def shown(styles):
    return f' class="{" ".join(styles)}"' if styles else ""


main()
