'use strict'
// nodemailer reads package.json for its version and JSON for its well-known services.
const nodemailer = require('nodemailer')

const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' })

exports.handler = async ({ to, subject, text }) => {
  const { envelope, message, messageId } = await transport.sendMail({ from: 'Shop <shop@example.com>', to, subject, text, html: `<p>${text}</p>`, messageId: '<1@example.com>', date: new Date(0), attachments: [{ filename: 'a.txt', content: 'attached' }] })
  const lines = message.toString().split('\n')
  return { envelope, messageId, subject: lines.find((l) => l.startsWith('Subject:')), parts: lines.filter((l) => l.startsWith('Content-Type:')).map((l) => l.replace(/;.*/, '')), attached: message.includes(Buffer.from('attached').toString('base64')), gmail: nodemailer.createTransport({ service: 'gmail' }).transporter.options.host }
}
