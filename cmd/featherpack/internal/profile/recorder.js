function RECORDER(start, modules) {
  const usage = process.cpuUsage.bind(process);
  const total = ({ user, system }) => user + system;
  const fs = process.getBuiltinModule?.("fs");
  const begin = total(start);
  // What is noted takes no room of V8's heap: another collection of garbage takes longer
  // than many a module. The first is of what is no module's.
  const times = new Float64Array(modules + 1), readings = new Float64Array(modules + 1), running = [-1];
  let since = begin, ended = false, cost = 0;

  // Without a module it is called at the end of the bundle. Else statements of the module
  // begin at the top level, its wrapper begins (ends is false) or ends.
  function record(module, ends) {
    if (module === undefined) {
      read(); // before V8 compiles what prints
      ended = true;
      return print();
    }
    if (ended) return;
    let depth = 0;
    if (ends) {
      depth = running.lastIndexOf(module); // those behind it have thrown
      if (depth < 1) return;
      module = running[--depth];
    } else if (ends === false) depth = running.length;
    read();
    running.length = depth;
    running.push(module);
  }

  function read() {
    const now = total(usage()), was = running[running.length - 1] + 1;
    times[was] += now - since;
    readings[was]++;
    since = now;
  }

  // A single time may come out below nothing: the clock counts microseconds.
  function print() {
    const whole = since - begin;
    let rest = 0, text = "";
    for (let i = 0; i <= modules; i++) {
      const exact = times[i] - readings[i] * cost, micros = Math.round(exact);
      if (i === 0 || micros < 5) rest += exact;
      else text += (i - 1).toString(36) + ":" + micros.toString(36) + " ";
    }
    write("\nfeatherpack-profile " + text + "rest:" + Math.round(rest).toString(36) + " whole:" + whole.toString(36) + "\n");
    // Printing takes time too, and more than some functions. A second line is cheap.
    write("featherpack-printed " + (total(usage()) - since).toString(36) + "\n");
  }

  // process.stderr is made when it is first used: that loads streams, which the function does
  // not load by then, and takes longer than many a handler.
  function write(text) {
    try {
      fs.writeSync(2, text);
    } catch {
      process.stderr.write(text);
    }
  }

  // Reading the clock takes time too, which is no module's: the median of a few batches. The
  // first has V8 compile the code above. More of them would have V8 optimise it, beside the
  // modules that load.
  const batches = [];
  for (let n = 0; n < 6; n++) {
    const before = since;
    for (let i = 0; i < 5; i++) {
      record(-1);
      record(0, false);
      record(0, true);
    }
    if (n > 0) batches.push((since - before) / 15);
  }
  cost = batches.sort((a, b) => a - b)[2];
  read();
  times.fill(0);
  readings.fill(0);
  return record;
}
