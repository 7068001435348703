import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { exampleResults, together } from '../../test/example-experiment.js'
import { accuracyImage } from './accuracy-image.js'
import { experimentsOf } from './experiments.js'

// Of its methods only neuron was run at several widths.
const results = exampleResults()
const image = accuracyImage(experimentsOf(results))!

it('shows the methods that were run at several widths, with a key, a line and a point for each width', () => {
  const { document } = parseHTML(image)
  const texts = [...document.querySelectorAll('text')].map((text) => text.textContent)
  expect(texts[0]).toBe('CNN8: test accuracy against bits')
  expect(texts[1]).toMatch(/^CIFAR-10, equal steps for every method/)
  expect(texts).toEqual(expect.arrayContaining(['neuron', '3', '8', 'float 76.0']))
  expect(texts).not.toContain('direct')
  expect(document.querySelectorAll('[aria-label=line] path')).toHaveLength(1)
})

it('is of the network with most runs', () => {
  const fewer = exampleResults(({ baseline, ...run }) => ({ ...run, baseline: { ...baseline, network: 'CNN6' } }))
  const all = together(fewer.slice(2), results)
  expect(accuracyImage(experimentsOf(all))).toContain('CNN8: test accuracy')
})

it('loads nothing, and has its colours for light and dark with it', () => {
  expect(image.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|<script|href/)
  const used = new Set([...image.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name))
  expect(used.size).toBeGreaterThan(2)
  for (const name of used) expect(image.split(`${name}:`), name).toHaveLength(3)
})

it('speaks of the paper only where it has figures of the paper', () => {
  const drawn = exampleResults(({ baseline, ...run }) => ({
    ...run,
    baseline: { ...baseline, data: { ...baseline.data, name: 'generated' } },
  }))
  expect(image).toContain('crosses: the paper')
  expect(accuracyImage(experimentsOf(drawn))).not.toContain('the paper')
})

it('is the same each time', () => {
  expect(accuracyImage(experimentsOf(results.toReversed()))).toBe(image)
})

it('is not there where each method was run at one width', () => {
  const one = results.filter(({ specification }) => specification.kind === 'float' || specification.bits === 3)
  expect(accuracyImage(experimentsOf(one))).toBeUndefined()
})
