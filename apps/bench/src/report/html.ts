/** A piece of a page that is safe to put into another. */
export interface Markup {
  readonly markup: string
}

/** What stands in a template: text is escaped, markup stays as it is, lists are joined, nothing leaves nothing. */
export type Content = Markup | string | number | false | undefined | readonly Content[]

/** A template of HTML: html`<td>${text}</td>`. */
export function html(pieces: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: String.raw({ raw: pieces }, ...values.map(render)) }
}

/** Text that is markup already, from a library that made it. */
export const trusted = (markup: string): Markup => ({ markup })

function render(content: Content): string {
  if (content === undefined || content === false) return ''
  if (typeof content === 'string' || typeof content === 'number') return escapeText(String(content))
  return 'markup' in content ? content.markup : content.map(render).join('')
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escapeText = (text: string) => text.replace(/[&<>"]/g, (character) => ESCAPES[character]!)
