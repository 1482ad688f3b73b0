const late = import('./shared/answer')

exports.handler = async (event) => (await late).answer('refunds', event)
