exports.name = "tracer"
