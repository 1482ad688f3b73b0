exports.send = (c) => "sent " + c
