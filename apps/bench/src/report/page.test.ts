import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { exampleResults, together } from '../../test/example-experiment.js'
import { experimentsOf } from './experiments.js'
import { reportPage } from './page.js'

const stages = exampleResults((run) => ({ ...run, training: { ...run.training, budget: 'stage' } }))
const results = together(exampleResults(), stages)
const page = reportPage(experimentsOf(results))

interface Node {
  readonly nodeName: string
  readonly attrs?: readonly { readonly name: string; readonly value: string }[]
  readonly childNodes?: readonly Node[]
  readonly value?: string
}

const all = (node: Node): Node[] => [node, ...(node.childNodes ?? []).flatMap(all)]
const attribute = (node: Node, name: string) => node.attrs?.find((attr) => attr.name === name)?.value
const text = (node: Node): string => node.value ?? (node.childNodes ?? []).map(text).join('')
const nodes = all(parse(page) as Node)
const elements = (name: string) => nodes.filter(({ nodeName }) => nodeName === name)

describe('the page', () => {
  it('is well-formed', () => {
    const errors: string[] = []
    parse(page, { onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`) })
    expect(errors).toEqual([])
    const ids = nodes.flatMap((node) => attribute(node, 'id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('loads and runs nothing', () => {
    for (const name of ['script', 'link', 'img', 'image', 'iframe', 'object', 'embed', 'use', 'base', 'form'])
      expect(elements(name), name).toEqual([])
    for (const node of nodes)
      for (const { name, value } of node.attrs ?? []) {
        expect(name).not.toMatch(/^on|^src|^srcset|^action|^ping/)
        if (name === 'href') expect(value).toMatch(/^#/)
      }
    expect(page).not.toMatch(/https?:|url\(|@import|@font-face|javascript:/)
  })

  it('leads each link of its contents to a place in it', () => {
    const ids = new Set(nodes.map((node) => attribute(node, 'id')))
    const targets = elements('a').map((link) => attribute(link, 'href')!.slice(1))
    expect(targets).toHaveLength(4)
    for (const target of targets) expect(ids).toContain(target)
  })

  it('says at every table of which network and budget it is, and warns where budgets are not equal', () => {
    const titles = [
      'equal steps for every method, 200 + 32 epochs',
      'equal steps for every stage, 200 epochs + 32 a stage',
    ]
    expect(elements('h3').map(text)).toEqual(titles.map((title) => `CNN8 CIFAR-10, ${title}`))
    expect(elements('caption').map(text)).toEqual(
      titles.flatMap((title) => [`Claims: CNN8, CIFAR-10, ${title}`, `Accuracies: CNN8, CIFAR-10, ${title}`]),
    )
    const warned = elements('section').map((section) => text(section).includes('Not under equal budgets'))
    expect(warned).toEqual([false, true])
  })

  it('gives every figure a title and a description, or hides it from those who are read to', () => {
    const byId = new Map(nodes.map((node) => [attribute(node, 'id'), node]))
    const figures = elements('svg')
    expect(figures.length).toBeGreaterThan(8)
    for (const figure of figures) {
      if (attribute(figure, 'aria-hidden') === 'true') continue
      expect(attribute(figure, 'role')).toBe('img')
      expect(text(byId.get(attribute(figure, 'aria-labelledby'))!)).toMatch(
        /^CNN8, CIFAR-10, equal steps for every (method|stage), .* epochs.*: /,
      )
      expect(text(byId.get(attribute(figure, 'aria-describedby'))!)).toMatch(/[38] bits, neuron: .*\d/)
    }
  })

  it('tells the methods apart by symbols and dashes, not by colours alone', () => {
    const legend = nodes.find((node) => attribute(node, 'class') === 'legend')!
    const samples = all(legend).filter(({ nodeName }) => nodeName === 'svg')
    const valuesOf = (name: string) =>
      samples.map((sample) =>
        all(sample)
          .map((node) => attribute(node, name))
          .find((value) => value !== undefined),
      )
    expect(samples).toHaveLength(3)
    expect(new Set(valuesOf('d')).size).toBe(3)
    expect(new Set(valuesOf('stroke-dasharray')).size).toBe(3)
  })

  it('is the same to the byte in whatever order the results come, and bears no date', () => {
    expect(reportPage(experimentsOf(results.toReversed()))).toBe(page)
    expect(page).not.toContain(results[0]!.finished.slice(0, 10))
  })

  it('shows mean, spread and seeds beside the paper’s figure', () => {
    const rows = elements('tr').map((row) =>
      all(row)
        .filter(({ nodeName }) => /^t[hd]$/.test(nodeName))
        .map(text),
    )
    expect(rows).toContainEqual([
      ...['neuron', '1..3', '73.17 ± 1.04', '73.2', '−2.83', '73.17 ± 1.04', '2.8', '3.0'],
      ...['2', '14\u202f400', '1 s', '0.1'],
    ])
    expect(rows).toContainEqual([
      ...[
        '✓ holds',
        'neuron above direct',
        '3',
        '+1.17 ± 0.17',
        '+0.45 to +1.88',
        '',
        '+1.80',
        '0.125',
        '0.375',
        '1..3',
      ],
    ])
  })

  it('escapes what it did not write itself', () => {
    const odd = exampleResults().map((result) => ({
      ...result,
      environment: { ...result.environment, cpu: '<script>alert(1)</script> & "co"' },
    }))
    const escaped = reportPage(experimentsOf(odd))
    expect(escaped).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;')
    expect(escaped).not.toContain('<script')
  })

  it('says that generated images reproduce nothing, and holds them against no figure of the paper', () => {
    const generated = exampleResults((run) => ({
      ...run,
      baseline: { ...run.baseline, data: { ...run.baseline.data, name: 'generated' } },
    }))
    const other = reportPage(experimentsOf(generated))
    expect(other).toContain('no reproduction of the paper')
    expect(other).not.toContain('73.2<')
    expect(page).not.toContain('no reproduction of the paper')
  })
})
