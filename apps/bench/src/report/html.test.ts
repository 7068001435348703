import { expect, it } from 'vitest'
import { html, trusted } from './html.js'

it('escapes text and keeps markup', () => {
  const cell = html`<td title="${'a "b"'}">${'<script>&'}</td>`
  expect(cell.markup).toBe('<td title="a &quot;b&quot;">&lt;script&gt;&amp;</td>')
  expect(html`<tr>${[cell, trusted('<td></td>')]}</tr>`.markup).toBe(`<tr>${cell.markup}<td></td></tr>`)
})

it('writes numbers and leaves out what is not there', () => {
  expect(html`${0}${undefined}${false}${[]}${''}`.markup).toBe('0')
})
