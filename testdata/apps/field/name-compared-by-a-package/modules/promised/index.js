exports.isStream = s => !!s && s.constructor && s.constructor.name === 'PgQueryStream'
