'use strict'

const { createHash } = require('node:crypto')
const express = require('express')
const jwt = require('jsonwebtoken')
const serverless = require('serverless-http')
const carriers = require('../domain/carriers.json')

const app = express()
app.disable('x-powered-by')
app.use(express.json({ limit: '64kb' }))

// Carriers sign each call with their own key; the token's issuer says whose it is.
app.use((req, res, next) => {
  const token = /^Bearer (\S+)$/.exec(req.get('authorization') ?? '')?.[1]
  const issuer = token && jwt.decode(token)?.iss
  const carrier = Object.hasOwn(carriers, issuer) ? carriers[issuer] : undefined
  if (!carrier) return res.status(401).json({ title: 'no known carrier' })
  try {
    req.claims = jwt.verify(token, carrier.key, {
      algorithms: ['RS256'],
      audience: 'orders.shop.example',
      issuer,
      clockTimestamp: Math.floor(req.event.requestContext.timeEpoch / 1000),
    })
    req.carrier = carrier
    next()
  } catch (error) {
    res.status(401).json({ title: error.message })
  }
})

app.post('/shipments/:tracking/events', (req, res) => {
  const { status, at } = req.body ?? {}
  const ours = req.carrier.statuses[status]
  if (!ours || Number.isNaN(Date.parse(at))) {
    return res.status(422).json({ title: 'not a tracking event', status, at })
  }
  const { tracking } = req.params
  // A carrier repeats itself when it is in doubt: equal events get an equal id.
  const id = createHash('sha256').update([req.claims.iss, tracking, status, at].join('\n')).digest('base64url').slice(0, 22)
  res
    .status(202)
    .location(`/shipments/${tracking}/events/${id}`)
    .json({ id, carrier: req.carrier.name, tracking, status: ours, at: new Date(at).toISOString() })
})

app.use((req, res) => res.status(404).json({ title: 'no such resource' }))

exports.handler = serverless(app, {
  request(request, event) {
    request.event = event
  },
})
