import { PDFDocument, StandardFonts, degrees, rgb } from 'pdf-lib'

export const handler = async ({ text, pages }) => {
  const doc = await PDFDocument.create()
  const font = await doc.embedFont(StandardFonts.TimesRomanBold)
  for (let i = 0; i < pages; i++) doc.addPage([300, 200]).drawText(`${text} ${i}`, { x: 20, y: 20, size: 24, font, color: rgb(0, 0.5, 0), rotate: degrees(15) })
  doc.setTitle(text)
  const copy = await PDFDocument.create()
  const source = await PDFDocument.load(await doc.save())
  for (const page of await copy.copyPages(source, [pages - 1])) copy.addPage(page)
  return { title: source.getTitle(), pages: source.getPageCount(), copied: copy.getPageCount(), size: copy.getPage(0).getSize(), width: font.widthOfTextAtSize(text, 24) }
}
