import products from './catalogue.json'

export type Product = (typeof products)[number]

const bySku = new Map(products.map((product) => [product.sku, product]))

export const catalogue: readonly Product[] = products

export function findProduct(sku: string): Product | undefined {
  return bySku.get(sku)
}
