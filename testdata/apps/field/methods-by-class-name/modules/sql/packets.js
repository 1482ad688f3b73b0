exports.of = bytes => bytes[0] === 255 ? ErrorPacket : OkPacket
function ErrorPacket() {}
function OkPacket() {}
