import type { ReactNode } from 'react'

interface Props {
  lang: string
  title: string
  children: ReactNode
}

export function Layout({ lang, title, children }: Props) {
  return (
    <html lang={lang}>
      <head>
        <meta charSet="utf-8" />
        <title>{title}</title>
      </head>
      <body style={{ fontFamily: 'Georgia, serif', maxWidth: 560 }}>
        <h1>{title}</h1>
        {children}
        <p>
          <a href="https://shop.example/orders">shop.example</a>
        </p>
      </body>
    </html>
  )
}
