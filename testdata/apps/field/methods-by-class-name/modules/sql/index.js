const packets = require('./packets')

class ProtocolError extends Error {
  constructor(code) {
    super(code)
    this.name = this.constructor.name
    this.code = code
  }
}

class Handshake {
  ErrorPacket() { return new ProtocolError('ER_CON_COUNT_ERROR') }
}

exports.connect = bytes => {
  const Packet = packets.of(bytes)
  const packetName = Packet.name
  const sequence = new Handshake()
  if (!sequence[packetName]) return new ProtocolError('PROTOCOL_INCORRECT_PACKET_SEQUENCE')
  return sequence[packetName]()
}
