var __featherpack_profile = (() => {
  const { cpuUsage } = process;
  const usage = cpuUsage.bind(process);
  const write = process.stderr.write.bind(process.stderr);
  const now = () => { const { user, system } = usage(); return user + system; };
  const times = new Map();
  // Reading the clock takes time too, which is no module's.
  const begin = now();
  for (let i = 0; i < 200; i++) now();
  const cost = (now() - begin) / 201;
  let current = -1, since = now(), ended = false;
  const go = (module) => {
    const then = now(), was = current;
    times.set(was, (times.get(was) || 0) + Math.max(0, then - since - cost));
    current = module;
    since = then;
    return was;
  };
  return {
    modules: {},
    at(module) { if (!ended) go(module); },
    wrap(make) {
      return (code, ...more) => {
        const module = this.modules[Object.getOwnPropertyNames(code)[0]], run = make(code, ...more);
        let began = false;
        return function () {
          if (began || ended || module === undefined) return run.apply(this, arguments);
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
      let rest = 0, text = "";
      for (const [module, exact] of times) {
        const micros = Math.round(exact);
        if (module < 0 || micros < 5) rest += micros;
        else text += module.toString(36) + ":" + micros.toString(36) + " ";
      }
      write("\nfeatherpack-profile " + text + "rest:" + rest.toString(36) + "\n");
    },
  };
})();
