function RECORDER(start, modules, calls) {
  const usage = process.cpuUsage.bind(process), time = process.hrtime.bigint.bind(process);
  const fs = process.getBuiltinModule?.("fs");
  const begin = start.user + start.system;
  // Reading the processor time is a system call, which takes longer than some modules. So it
  // is read once in a window of about 250 microseconds. What the processor did in the window is
  // divided among its modules by the wall clock, which is cheap to read.
  const longest = 250_000n, warm = 12, most = calls + 3 * warm + 99;
  // What is noted takes next to no room of V8's heap, so that V8 collects garbage when it
  // would without: a collection takes longer than most modules, and may be part of the load or
  // not. So what the clocks say is only kept, and all arithmetic waits until the load has ended.
  const noted = new Int32Array(most), stamps = new BigInt64Array(most);
  const ends = new Int32Array(most), opens = new BigInt64Array(most), totals = new Float64Array(most);
  const running = new Int32Array(2 * modules + 9);
  let deadline = 0n, count = 0, windows = 0, depth = 0, ended = false;

  // Without a module it is called at the end of the bundle. Else statements of the module
  // begin at the top level, its wrapper begins (leaves is false) or ends.
  function record(module, leaves) {
    if (ended) return;
    let at = 0;
    if (leaves) {
      for (at = depth; running[at] !== module; ) if (--at < 1) return; // those behind it have thrown
      module = running[--at];
    } else if (leaves === false) at = depth + 1;
    note();
    if (module === undefined) {
      close();
      ended = true;
      return;
    }
    depth = at;
    running[at] = module;
  }

  function note() {
    const at = time();
    noted[count] = running[depth] + 1;
    stamps[count++] = at;
    if (at > deadline) close();
  }

  function close() {
    const t = usage();
    ends[windows] = count;
    totals[windows] = t.user + t.system;
    opens[windows++] = deadline = time();
    deadline += longest;
  }

  // The client calls it when it has read how much processor time the load took: nothing here
  // is part of that. A single time may be below zero: the clock counts microseconds.
  function print() {
    const whole = totals[windows - 1] - begin, [perNote, perWindow] = costs();
    // The first is of what is no module's.
    const spent = new Float64Array(modules + 1);
    for (let w = 1; w < windows; w++) {
      const from = ends[w - 1], to = ends[w], took = totals[w] - totals[w - 1] - perWindow - (to - from) * perNote;
      const wall = Number(stamps[to - 1] - opens[w - 1]);
      for (let i = from, at = opens[w - 1]; i < to; at = stamps[i++])
        spent[noted[i]] += took * (wall > 0 ? Number(stamps[i] - at) / wall : 1 / (to - from));
    }
    let rest = 0, text = "";
    for (let i = 0; i <= modules; i++) {
      const micros = Math.round(spent[i]);
      if (i === 0 || micros < 5) rest += spent[i];
      else text += (i - 1).toString(36) + ":" + micros.toString(36) + " ";
    }
    text = "\nfeatherpack-profile " + text + "rest:" + Math.round(rest).toString(36) + " whole:" + whole.toString(36) + "\n";
    try {
      fs.writeSync(2, text);
    } catch {
      process.stderr.write(text);
    }
  }

  // Reading the clocks takes time too, which is no module's: the median of a few batches.
  function costs() {
    const notes = [], closes = [], [atCount, atWindows] = [count, windows];
    const used = () => {
      const t = usage();
      return t.user + t.system;
    };
    ended = false;
    for (let n = 0; n < 5; n++) {
      const before = used();
      deadline = time() + 3600_000_000_000n; // no window ends
      for (let i = 0; i < 20; i++) {
        count = most; // nothing is kept
        record(-1);
        record(0, false);
        record(0, true);
      }
      const between = used();
      for (let i = 0; i < 20; i++) {
        windows = most;
        close();
      }
      notes.push((between - before) / 60);
      closes.push((used() - between) / 20);
    }
    [count, windows, ended] = [atCount, atWindows, true];
    return [notes, closes].map((all) => all.sort((a, b) => a - b)[2]);
  }

  // V8 compiles what is called while modules load, before a module's time is taken.
  running[0] = -1;
  for (let n = 0; n < warm; n++) {
    record(-1);
    record(0, false);
    record(0, true);
    if (n % 4 === 0) close();
  }
  globalThis[Symbol.for("featherpack.loaded")] = print;
  count = windows = 0;
  close();
  return record;
}
