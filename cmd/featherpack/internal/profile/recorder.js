var __featherpack_profile = (() => {
  const usage = process.cpuUsage.bind(process);
  const now = () => { const { user, system } = usage(); return user + system; };
  const fs = process.getBuiltinModule?.("fs");
  const times = new Map();
  const begin = now();
  let current = -1, since = begin, ended = false, cost = 0;
  const go = (module) => {
    const then = now(), was = current;
    times.set(was, (times.get(was) || 0) + Math.max(0, then - since - cost));
    current = module;
    since = then;
    return was;
  };
  // Noting a time takes time too, which is no module's.
  for (let i = 0; i < 100; i++) go(-1);
  cost = (since - begin) / 100;
  times.clear();
  return {
    at(module) { if (!ended) go(module); },
    wrap(make) {
      return (code, ...more) => {
        const module = Number(Object.getOwnPropertyNames(code)[0]), run = make(code, ...more);
        let began = false;
        return function () {
          if (began || ended || Number.isNaN(module)) return run.apply(this, arguments);
          began = true;
          const was = go(module);
          try {
            return run.apply(this, arguments);
          } finally {
            if (!ended) go(was);
          }
        };
      };
    },
    end() {
      go(-1);
      ended = true;
      const whole = since - begin;
      print(whole);
      // Printing takes time too, and more than some functions. A second line is cheap.
      write("featherpack-printed " + (now() - since).toString(36) + "\n");
    },
  };
  // process.stderr is made when it is first used: that loads streams, which the function does
  // not load by then, and takes longer than many a handler.
  function write(text) {
    try {
      fs.writeSync(2, text);
    } catch {
      process.stderr.write(text);
    }
  }
  function print(whole) {
    let rest = 0, text = "";
    for (const [module, exact] of times) {
      const micros = Math.round(exact);
      if (module < 0 || micros < 5) rest += micros;
      else text += module.toString(36) + ":" + micros.toString(36) + " ";
    }
    write("\nfeatherpack-profile " + text + "rest:" + rest.toString(36) + " whole:" + whole.toString(36) + "\n");
  }
})();
