import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { escapeText, type Markup, trusted } from './html.js'

/** What a figure says to whoever can't see it. */
export interface Caption {
  /** Names the figure within its page. */
  readonly id: string
  readonly title: string
  readonly description: string
}

/** Draws a plot as SVG that stands in a page: no styles, scripts or fonts of its own, and a title and description. */
export function drawing(options: Plot.PlotOptions, { id, title, description }: Caption): Markup {
  const names = `<title id="${id}-title">${escapeText(title)}</title><desc id="${id}-desc">${escapeText(description)}</desc>`
  const role = `role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"`
  return trusted(svgOf(options).replace(/<svg([^>]*)>/, (_, attributes) => `<svg ${role}${attributes}>${names}`))
}

/** A plot beside text that says the same: hidden from those who are read to. */
export function decoration(options: Plot.PlotOptions): Markup {
  return trusted(svgOf(options).replace('<svg', '<svg aria-hidden="true"'))
}

/**
 * Plot writes its styles into every plot and coordinates to 16 digits, whose last ones differ between engines: the page
 * has the styles once, and two decimals are finer than any screen. What is read, such as a method's settings, stays as it is.
 */
function svgOf(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const plot = Plot.plot({ className: 'plot', ...options, document })
  plot.querySelector('style')?.remove()
  for (const element of [plot, ...plot.querySelectorAll('*')]) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replace(longNumber, rounded)
  }
  return plot.outerHTML
}

const longNumber = /-?\d+\.\d{3,}(e-\d+)?/g
const rounded = (number: string) => String(Math.round(Number(number) * 100) / 100)
