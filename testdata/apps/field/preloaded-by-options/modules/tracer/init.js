globalThis.order = [require("./").name]
