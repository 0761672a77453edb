import { describe, expect, it } from 'vitest'
import { comparisonChart, curveChart, type Chart } from '../bench/harness/chart.ts'

/** The charts of the benchmarks: drawings with all labels and names, the same for the same numbers. */
describe('the charts of the benchmarks', () => {
  const chart: Omit<Chart, 'scale'> = {
    title: 'Times',
    labels: ['first', 'second'],
    series: [
      { name: 'one', values: [1.25, 2.5] },
      { name: 'other', values: [1000, undefined] },
    ],
    unit: 'over ours',
    line: { at: 1, name: 'ours' },
  }
  const textsOf = (drawing: string): string[] => [...drawing.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!)

  it.each(['linear', 'log'] as const)('compares on a %s scale', (scale) => {
    const drawing = comparisonChart({ ...chart, scale })
    expect(drawing).toMatch(/^<svg [^]*<\/svg>\s*$/)
    expect(textsOf(drawing)).toEqual(expect.arrayContaining(['Times', 'first', 'second', 'one', 'other', 'over ours', 'ours']))
    if (scale === 'linear') expect(textsOf(drawing)).toContain('1.25')
    else expect(textsOf(drawing)).toContain('1,000')
    expect(comparisonChart({ ...chart, scale })).toBe(drawing)
  })

  it('draws curves', () => {
    const drawing = curveChart({ ...chart, scale: 'linear', at: [125, 250], atUnit: 'functions' })
    expect(textsOf(drawing)).toEqual(expect.arrayContaining(['Times', 'one', 'other', 'over ours', 'functions', '250']))
  })
})
