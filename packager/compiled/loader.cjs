"use strict";
(() => {
  const { readFileSync } = require("fs"), { Script, constants } = require("vm");
  const program = readFileSync(__dirname + PROGRAM);
  const options = { filename: __filename, lineOffset: -1/*EVALUATES*/ };
  const made = {/*MADE*/}, running = process.version + " " + process.arch, [file, size, digest] = made[running] ?? [];
  let unused = file ? "" : "another Node", script;
  if (!unused) {
    const set = (flag) => require("v8").setFlagsFromString(flag), changed = [];
    try {
      const cachedData = readFileSync(__dirname + file), crc32 = (data) => ZLIB.crc32(data, 0);
      if (cachedData.length !== size) unused = "its size is wrong";
      else if (crc32(cachedData) !== digest || crc32(program) !== DIGEST) unused = "its digest is wrong";
      else options.cachedData = cachedData;
    } catch {
      unused = "it cannot be read";
    }
    if (!unused) {
      for (const argument of [...(process.env.NODE_OPTIONS ?? "").split(" "), ...process.execArgv]) {
        const size = /^--max[-_](?:old|semi)[-_]space[-_]size(?==)/.exec(argument);
        if (size || /^--expose[-_]gc$/.test(argument)) {
          changed.push(argument);
          set(size ? size[0] + "=0" : "--no-expose-gc");
        }
      }
    }
    script = new Script(program.ENCODINGSlice(), options);
    changed.forEach((argument) => set(argument));
    if (!unused && script.cachedDataRejected !== false) unused = "V8 rejected it";
  }
  if (unused) console.warn(JSON.stringify({ featherpack: "compiled code not used", reason: unused, builtFor: Object.keys(made).join(", "), running }));
  return script ?? new Script(program.ENCODINGSlice(), options);
})().runInThisContext()/*IMPORT*/.call(exports, exports, require, module, __filename, __dirname);
