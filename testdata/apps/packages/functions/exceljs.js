'use strict'
const ExcelJS = require('exceljs')

exports.handler = async ({ rows }) => {
  const book = new ExcelJS.Workbook()
  book.created = book.modified = new Date(0)
  const sheet = book.addWorksheet('Orders', { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = [{ header: 'Name', key: 'name', width: 20 }, { header: 'Total', key: 'total', style: { numFmt: '0.00' } }]
  sheet.addRows(rows)
  sheet.getCell('B9').value = { formula: 'SUM(B2:B8)', result: 3 }
  const back = new ExcelJS.Workbook()
  await back.xlsx.load(await book.xlsx.writeBuffer())
  const read = back.getWorksheet('Orders')
  return { rows: read.getSheetValues().filter(Boolean).map((r) => r.slice(1)), format: read.getCell('B2').numFmt, frozen: read.views[0].ySplit, csv: (await back.csv.writeBuffer()).toString() }
}
