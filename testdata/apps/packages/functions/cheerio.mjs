import * as cheerio from 'cheerio'

export const handler = async ({ html }) => {
  const $ = cheerio.load(html)
  $('li').first().addClass('first').after('<li>inserted</li>')
  return { data: $.extract({ items: ['li'], link: { selector: 'a', value: 'href' } }), html: $('ul').html(), xml: cheerio.load('<a><b/></a>', { xml: true }).xml() }
}
