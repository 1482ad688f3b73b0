globalThis.order = [...(globalThis.order ?? []), require("./second")]
