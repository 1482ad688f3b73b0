// Handler: handler
import puppeteer from 'puppeteer'; // advice: meta-package
import chromium from '@sparticuz/chromium';
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import nodemailer from 'nodemailer';

export const handler = async (event) => {
  const html = Handlebars.compile(readFileSync(new URL('./invoice.hbs', import.meta.url), 'utf8'))(event); // advice: read-per-invocation compiled-per-invocation
  const browser = await puppeteer.launch({ args: chromium.args, executablePath: await chromium.executablePath() });
  const page = await browser.newPage();
  await page.setContent(html);
  const pdf = await page.pdf();
  await browser.close();
  const mail = nodemailer.createTransport({ host: process.env.SMTP_HOST }); // advice: client-in-handler
  await mail.sendMail({ to: event.to, attachments: [{ content: pdf }] });
};
